/** Types as the comment at the top of a compiled pipeline names them. KFP reads back only its `# Description:`. */
import type { ValueType } from "../../ir/types.ts";

/** What the type of a parameter or artifact is called there, as the SDK calls it. */
export function typeName(type: ValueType): string {
  switch (type.kind) {
    case "string":
    case "json":
      return "str";
    case "number":
      return "float";
    case "integer":
      return "int";
    case "boolean":
      return "bool";
    case "list":
      return "list";
    case "struct":
      return "dict";
    case "status":
      return "PipelineTaskFinalStatus";
    case "taskConfig":
      return "TaskConfig";
    case "artifact": {
      const title = type.schemaTitle === "" ? "system.Artifact" : type.schemaTitle;
      return type.list ? `List[${title}]` : title;
    }
  }
}
