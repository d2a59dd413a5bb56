import { partitionOf } from './place';
import type { AwsPlace } from './place';

/** The ARN of something in a place: `arnIn(place, 'codedeploy', 'application:shop')`. */
export function arnIn({ account, region }: AwsPlace, product: string, rest: string): string {
  return `arn:${partitionOf(region)}:${product}:${region}:${account}:${rest}`;
}
