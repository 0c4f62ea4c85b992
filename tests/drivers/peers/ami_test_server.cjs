// Somebody else's test server for Asterisk's manager interface: `node ami_test_server.cjs NODE_MODULES USER SECRET`.
// Says its port; each line of its standard input is an event (JSON) for all who logged in; it ends with its input.
'use strict';
const [, , modules, username, secret] = process.argv;
const Server = require(`${modules}/asterisk-ami-test-server`);
const words = require(`${modules}/asterisk-ami-event-utils`);
const server = new Server({silent: true, credentials: {username, secret}});

server.listen({port: 0, host: '127.0.0.1'}).then(() => console.log(server._server.address().port));
require('readline').createInterface({input: process.stdin})
  .on('line', line => server.broadcast(words.fromObject(JSON.parse(line))))
  .on('close', () => process.exit(0));
