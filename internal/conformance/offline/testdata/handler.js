"use strict";

// What the function was given: the event, and the parts of the context that a caller can set or learn.
module.exports.echo = async (event, context) => ({
  event,
  clientContext: context.clientContext ?? null,
  functionName: context.functionName,
  requestId: context.awsRequestId,
});

module.exports.thrower = async (event) => {
  throw new RangeError(`thrown for ${event?.name ?? "nobody"}`);
};
