/** Name of a stage. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html */
export const STAGE_NAME = '[A-Za-z0-9.@_-]{1,100}';
/** Id of an execution. */
export const EXECUTION_ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
