import { type Example, javascript, ORIGIN, python } from './example.ts';

/** The models there are. */
export const MODELS: Example = {
  id: 'models',
  title: 'List the models',
  note: 'Any of these names goes into <code>model</code>, in upper or lower case.',
  code: {
    curl: `curl ${ORIGIN}/v1/models -H "Authorization: Bearer $GLM_API_KEY"`,
    python: python('for model in client.models.list():\n    print(model.id)'),
    javascript: javascript(
      'for await (const model of client.models.list()) {\n  console.log(model.id);\n}',
    ),
  },
};

/** Tokens for the pool; the one example for operators. */
export const TOKENS: Example = {
  id: 'tokens',
  title: 'Add accounts to serve from',
  note:
    'With the admin key. chat.z.ai is asked about each token first; the answer says what became of ' +
    'it. Tokens never come out again.',
  code: {
    curl: `curl ${ORIGIN}/v1/token-pool/update \\
  -H "Authorization: Bearer $GLM_ADMIN_KEY" \\
  -H "Content-Type: application/json" \\
  -d '["eyJhbGciOi…", "eyJhbGciOi…"]'`,
    python: `import json, os, urllib.request

request = urllib.request.Request(
    "${ORIGIN}/v1/token-pool/update",
    data=json.dumps(["eyJhbGciOi…", "eyJhbGciOi…"]).encode(),
    headers={"Authorization": f"Bearer {os.environ['GLM_ADMIN_KEY']}"},
)
with urllib.request.urlopen(request) as response:
    for item in json.load(response)["data"]:
        print(item["result"], item["reason"] or "")`,
    javascript: `const response = await fetch('${ORIGIN}/v1/token-pool/update', {
  method: 'POST',
  headers: { authorization: \`Bearer \${process.env.GLM_ADMIN_KEY}\` },
  body: JSON.stringify(['eyJhbGciOi…', 'eyJhbGciOi…']),
});
const { data } = await response.json();
for (const { result, reason } of data) console.log(result, reason ?? '');`,
  },
};
