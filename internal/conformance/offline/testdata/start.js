"use strict";

// Runs the serverless command line and ends with whoever started it: standard input closes when that process is gone,
// however it went, so no endpoint is ever left behind.
process.stdin.on("close", () => process.exit(0)).resume();

require("serverless/bin/serverless.js");
