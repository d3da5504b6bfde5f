/** Requests: what can go wrong, what is tried again, who asks, and that no secret is shown. Over real HTTP. */
import { generateKeyPairSync, createVerify } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect as connectSocket, type AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { generate } from "selfsigned";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { requestDiagnostic } from "../../compiler/deploy/connect.ts";
import { HttpClient, type TlsSettings } from "../../runtime/remote/http/client.ts";
import { credentialsOf, type CredentialSource } from "../../runtime/remote/http/credentials.ts";
import { RequestError } from "../../runtime/remote/http/failure.ts";
import { folderWith } from "../cli/hmc.ts";
import { startKfpServer } from "../remote/kfp/server.ts";

const test = suite("requests");

const secret = "s3cret-token-of-the-tests";

interface Asking {
  source?: CredentialSource;
  tls?: TlsSettings;
  timeout?: number;
  environment?: Record<string, string>;
  pauses?: number[];
  now?: () => number;
}

function client(base: string, { source = { kind: "none" }, tls, timeout = 2000, environment = {}, pauses = [], now = Date.now }: Asking = {}): HttpClient {
  return new HttpClient({
    base,
    credentials: credentialsOf(source, now),
    ...(tls === undefined ? {} : { tls }),
    timeout,
    retry: { attempts: 4, pause: 100, longestPause: 1000, sleep: async (milliseconds) => void pauses.push(milliseconds), random: () => 0.5 },
    environment: (name) => environment[name],
  });
}

/** A server that answers as it is told, and remembers what it was asked. */
async function answering(answer: (message: IncomingMessage, response: ServerResponse, body: string) => void): Promise<{ host: string; seen: string[]; close: () => Promise<void> }> {
  const seen: string[] = [];
  const server: Server = createServer((message, response) => {
    let body = "";
    message.on("data", (chunk: Buffer) => (body += chunk.toString()));
    message.on("end", () => {
      seen.push(`${message.method} ${message.url}`);
      answer(message, response, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))) };
}

/** The failure of a request, with its code; the secret is nowhere in it. */
async function failureOf(http: HttpClient, method: "GET" | "POST" = "GET"): Promise<{ kind: string; code: string; message: string }> {
  try {
    await http.send({ method, path: "/apis/v2beta1/healthz", ...(method === "POST" ? { json: {} } : {}) });
  } catch (error) {
    assert.instance(error, RequestError);
    const { code, message } = requestDiagnostic(error as RequestError);
    for (const shown of [message, (error as Error).message, String((error as Error).stack)]) assert.not.match(shown, secret);
    return { kind: (error as RequestError).failure.kind, code, message };
  } finally {
    await http.close();
  }
  throw new Error("the request has not failed");
}

const statuses: [status: number, kind: string, code: string][] = [
  [302, "unauthorized", "HMC6230"], [401, "unauthorized", "HMC6230"], [403, "forbidden", "HMC6231"], [404, "notFound", "HMC6232"], [409, "conflict", "HMC6242"],
  [400, "refused", "HMC6239"], [422, "refused", "HMC6239"], [429, "failing", "HMC6237"], [500, "failing", "HMC6237"], [503, "failing", "HMC6237"],
];

for (const [status, kind, code] of statuses) {
  test(`the status ${status} is ${code}, and a token that the server repeats is not shown`, async () => {
    const server = await answering((message, response) => {
      response.writeHead(status, { "content-type": "application/json", location: "/login" });
      response.end(JSON.stringify({ message: `no: ${message.headers.authorization}` }));
    });
    const failure = await failureOf(client(server.host, { source: { kind: "bearer", token: secret } }));
    assert.is(failure.kind, kind);
    assert.is(failure.code, code);
    assert.match(failure.message, `${server.host}/apis/v2beta1/healthz`);
    await server.close();
  });
}

test("only what is safe is tried again, with pauses that grow and vary", async () => {
  const server = await answering((_, response) => response.writeHead(503).end());
  const pauses: number[] = [];
  await failureOf(client(server.host, { pauses }));
  assert.is(server.seen.length, 4);
  assert.equal(pauses, [50, 100, 200]);
  await failureOf(client(server.host), "POST");
  assert.is(server.seen.length, 5, "a POST is sent once");
  await server.close();
});

test("Retry-After is waited for", async () => {
  let count = 0;
  const server = await answering((_, response) => (count++ === 0 ? response.writeHead(429, { "retry-after": "3" }).end() : response.end("{}")));
  const pauses: number[] = [];
  const http = client(server.host, { pauses });
  assert.equal(await http.send({ method: "GET", path: "/" }), {});
  assert.is(pauses[0], 3000);
  await http.close();
  await server.close();
});

test("nothing that listens, an unknown host, no answer, half an answer, a page", async () => {
  const server = await answering((_, response) => response.end("{}"));
  await server.close();
  assert.is((await failureOf(client(server.host))).code, "HMC6235");
  assert.is((await failureOf(client("http://nowhere.invalid"))).code, "HMC6234");
  const silent = await answering(() => undefined);
  const late = await failureOf(client(silent.host, { timeout: 100 }));
  assert.is(late.code, "HMC6236");
  assert.match(late.message, "0.1 s");
  await silent.close();
  const half = await answering((message, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write('{"a":', () => message.socket.destroy());
  });
  assert.is((await failureOf(client(half.host))).code, "HMC6238");
  await half.close();
  const page = await answering((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>Kubeflow</html>"));
  assert.is((await failureOf(client(page.host))).code, "HMC6240");
  await page.close();
});

test("basic, a token, and a token file that changes", async () => {
  const seen: (string | undefined)[] = [];
  const server = await answering((message, response) => {
    seen.push(message.headers.authorization);
    response.end("{}");
  });
  const file = `${folderWith({ token: "first\n" })}/token`;
  const ask = async (http: HttpClient) => http.send({ method: "GET", path: "/" });
  const basic = client(server.host, { source: { kind: "basic", user: "ann", password: secret } });
  await ask(basic);
  const fromFile = client(server.host, { source: { kind: "tokenFile", path: file } });
  await ask(fromFile);
  writeFileSync(file, "second");
  await ask(fromFile);
  assert.equal(seen, [`Basic ${Buffer.from(`ann:${secret}`).toString("base64")}`, "Bearer first", "Bearer second"]);
  await basic.close();
  await fromFile.close();
  assert.is((await failureOf(client(server.host, { source: { kind: "tokenFile", path: "/nowhere/token" } }))).code, "HMC6241");
  await server.close();
});

test("identity tokens of a service account: a signed claim for the client id, kept until it ends, made anew when the server refuses it", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const claims: { aud: string; target_audience: string; iss: string; exp: number }[] = [];
  let given = 0;
  const tokens = await answering((_, response, body) => {
    const assertion = new URLSearchParams(body).get("assertion") ?? "";
    const [head = "", middle = "", signature = ""] = assertion.split(".");
    assert.ok(createVerify("RSA-SHA256").update(`${head}.${middle}`).verify(publicKey, signature, "base64url"), "the claim is signed");
    claims.push(JSON.parse(Buffer.from(middle, "base64url").toString()) as (typeof claims)[number]);
    const token = `x.${Buffer.from(JSON.stringify({ exp: 5000, number: ++given })).toString("base64url")}.y`;
    response.end(JSON.stringify({ id_token: token }));
  });
  const file = `${folderWith({ "key.json": JSON.stringify({ type: "service_account", client_email: "ci@project.example", private_key: privateKey.export({ type: "pkcs8", format: "pem" }), token_uri: `${tokens.host}/token` }) })}/key.json`;
  let isRefused = false;
  const server = await answering((message, response) => {
    if (!isRefused || message.headers.authorization?.includes(Buffer.from(JSON.stringify({ exp: 5000, number: 2 })).toString("base64url")) === true) return void response.end("{}");
    response.writeHead(401).end();
  });
  let now = 0;
  const http = client(server.host, { source: { kind: "oidc", clientId: "id.apps.example.com", credentialsFile: file, metadataHost: "none.invalid", timeout: 2000 }, now: () => now });
  await http.send({ method: "GET", path: "/" });
  await http.send({ method: "GET", path: "/" });
  assert.is(given, 1, "one token serves several requests");
  assert.is(claims[0]?.target_audience, "id.apps.example.com");
  assert.is(claims[0]?.aud, `${tokens.host}/token`);
  assert.is(claims[0]?.iss, "ci@project.example");
  isRefused = true;
  await http.send({ method: "POST", path: "/", json: {} });
  assert.is(given, 2, "a refused token is made anew");
  now = 4_950_000;
  await http.send({ method: "GET", path: "/" }).catch(() => undefined);
  assert.is.not(given, 2, "a token that ends within a minute is made anew");
  await http.close();
  await server.close();
  await tokens.close();
});

test("identity tokens of a user, of a token endpoint and of the metadata server", async () => {
  const forms: Record<string, string>[] = [];
  const server = await answering((message, response, body) => {
    if (message.url?.startsWith("/computeMetadata") === true) {
      forms.push({ flavor: String(message.headers["metadata-flavor"]), url: message.url });
      return void response.end("metadata-token");
    }
    if (message.url === "/token") {
      forms.push(Object.fromEntries(new URLSearchParams(body)));
      return void response.end(JSON.stringify({ access_token: "endpoint-token", expires_in: 60 }));
    }
    response.end(JSON.stringify({ authorization: message.headers.authorization }));
  });
  const user = `${folderWith({ "user.json": JSON.stringify({ type: "authorized_user", client_id: "c", client_secret: "d", refresh_token: "r", token_uri: `${server.host}/token` }) })}/user.json`;
  const common = { kind: "oidc", clientId: "proxy", timeout: 2000 } as const;
  for (const [source, token, form] of [
    [{ ...common, metadataHost: "none.invalid", credentialsFile: user }, "endpoint-token", { grant_type: "refresh_token", refresh_token: "r", client_id: "c", client_secret: "d", audience: "proxy" }],
    [{ ...common, metadataHost: "none.invalid", tokenUrl: `${server.host}/token`, clientSecret: secret }, "endpoint-token", { grant_type: "client_credentials", client_id: "proxy", scope: "openid", client_secret: secret }],
    [{ ...common, metadataHost: server.host.replace("http://", "") }, "metadata-token", { flavor: "Google", url: "/computeMetadata/v1/instance/service-accounts/default/identity?audience=proxy&format=full" }],
  ] as const) {
    const http = client(server.host, { source });
    assert.equal(await http.send({ method: "GET", path: "/who" }), { authorization: `Bearer ${token}` });
    assert.equal(forms.at(-1), form);
    await http.close();
  }
  await server.close();
});

test("credentials that cannot be had say why, without the secret", async () => {
  const server = await answering((_, response, body) => response.writeHead(400).end(body));
  const source = { kind: "oidc", clientId: "proxy", tokenUrl: `${server.host}/token`, clientSecret: secret, metadataHost: "none.invalid", timeout: 2000 } as const;
  const failure = await failureOf(client(server.host, { source }));
  assert.is(failure.code, "HMC6241");
  assert.match(failure.message, "status 400");
  const folder = folderWith({ "no.json": "{", "other.json": '{"type":"external_account"}' });
  for (const [file, problem] of [["no.json", "is no JSON"], ["other.json", "external_account"], ["none.json", "ENOENT"]] as const) {
    const wrong = await failureOf(client(server.host, { source: { kind: "oidc", clientId: "proxy", credentialsFile: `${folder}/${file}`, metadataHost: "none.invalid", timeout: 2000 } }));
    assert.is(wrong.code, "HMC6241");
    assert.match(wrong.message, problem);
  }
  await server.close();
});

test("certificates: an authority that is not known, one that is given, and a client that must show its own", async () => {
  const names = [{ name: "commonName", value: "127.0.0.1" }];
  const extensions = [{ name: "subjectAltName" as const, altNames: [{ type: 7 as const, ip: "127.0.0.1" }] }];
  const server = await generate(names, { extensions });
  const person = await generate([{ name: "commonName", value: "ann" }]);
  const plain = await startKfpServer({ tls: { cert: server.cert, key: server.private } });
  const untrusted = await failureOf(client(plain.host));
  assert.is(untrusted.code, "HMC6233");
  const trusted = client(plain.host, { tls: { ca: server.cert } });
  assert.equal(await trusted.send({ method: "GET", path: "/apis/v2beta1/healthz" }), { commit_sha: "unknown", tag_name: "2.17.0", multi_user: false, pipeline_store: "database" });
  await trusted.close();
  await plain.close();
  const strict = await startKfpServer({ tls: { cert: server.cert, key: server.private, ca: person.cert, requestCert: true } });
  const stranger = await failureOf(client(strict.host, { tls: { ca: server.cert } }));
  assert.ok(["HMC6233", "HMC6238"].includes(stranger.code), stranger.code);
  const known = client(strict.host, { tls: { ca: server.cert, cert: person.cert, key: person.private } });
  assert.equal(await known.send({ method: "GET", path: "/apis/v2beta1/healthz" }), { commit_sha: "unknown", tag_name: "2.17.0", multi_user: false, pipeline_store: "database" });
  await known.close();
  await strict.close();
});

test("a proxy of the environment is used, and NO_PROXY is heeded", async () => {
  const server = await startKfpServer();
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (message: IncomingMessage, socket, head) => {
    asked.push(message.url ?? "");
    const [, port] = (message.url ?? "").split(":");
    const onward = connectSocket(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const [environment, count] of [[{ HTTP_PROXY: address }, 1], [{ http_proxy: address, NO_PROXY: "127.0.0.1" }, 0]] as const) {
    asked.length = 0;
    const http = client(server.host, { environment });
    await http.send({ method: "GET", path: "/apis/v2beta1/healthz" });
    await http.close();
    assert.is(asked.length, count);
  }
  proxy.closeAllConnections();
  proxy.close();
  await server.close();
});

test.run();
