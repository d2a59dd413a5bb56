/** Sources that sign what they send with a secret that both sides know. */
export const SECRET_SOURCES = ['github', 'pagerduty', 'terraform'] as const;
/** Sources whose messages come over Amazon SNS. */
export const SNS_SOURCES = ['cloudwatch', 'codebuild', 'codedeploy', 'codepipeline'] as const;

/** How a source is known by what it signs: by one of its secrets, or by SNS for one of these topics (ARNs). */
export type SignedSource =
  | { readonly by: 'secret'; readonly name: (typeof SECRET_SOURCES)[number]; readonly secrets: readonly string[] }
  | {
      readonly by: 'sns';
      readonly name: (typeof SNS_SOURCES)[number];
      readonly topics: readonly string[];
    };

/** The region of a topic, as its ARN says. */
export function regionOf(topicArn: string): string {
  return topicArn.split(':')[3] ?? '';
}
