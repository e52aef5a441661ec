"use strict";

const fs = require("node:fs");

// What the function was given: the event, and the parts of the context that a caller can set or learn.
module.exports.echo = async (event, context) => ({
  event,
  clientContext: context.clientContext ?? null,
  functionName: context.functionName,
});

module.exports.thrower = async (event) => {
  throw new RangeError(`thrown for ${event.name}`);
};

// Leaves a trace outside, so that a caller who waits for no answer can see that it ran.
module.exports.writer = async (event) => {
  fs.appendFileSync(event.file, event.line + "\n");
};
