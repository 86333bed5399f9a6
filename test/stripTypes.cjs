// Jest reads TypeScript as Node itself does: types are blanked out, so that lines and columns stay what they are.
const { stripTypeScriptTypes } = require('node:module');

module.exports = { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
