// What a program in JavaScript does with an invoketest server, whose address is its argument. Region and keys are in the environment.
import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";

const client = new LambdaClient({ endpoint: process.argv[2], maxAttempts: 1 });
const call = (FunctionName) => client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(21), LogType: "Tail" }));
const text = (payload) => Buffer.from(payload).toString();

const done = await call("double");
const failed = await call("crash");
const missing = await call("missing").catch((err) => err);
console.log(JSON.stringify({
  result: text(done.Payload),
  log: Buffer.from(done.LogResult, "base64").toString().includes("REPORT RequestId"),
  failed: failed.FunctionError + " " + JSON.parse(text(failed.Payload)).errorType,
  missing: missing.name + " " + missing.$metadata.httpStatusCode,
}));
