// Ready lines for the programs that people have.
import {useState} from 'preact/hooks';
import {CopyButton} from '../ui/button';
import {Segments} from '../ui/field';

export type Language = 'curl' | 'python' | 'javascript' | 'claude';

const languages: readonly (readonly [Language, string])[] = [
  ['curl', 'curl'],
  ['python', 'Python'],
  ['javascript', 'JavaScript'],
  ['claude', 'Claude Code'],
];

export interface SnippetInput {
  origin: string;
  basePath: string;
  secret: string;
  model: string;
}

export function snippet(language: Language, {origin, basePath, secret, model}: SnippetInput): string {
  const base = `${origin}${basePath}`;
  switch (language) {
    case 'curl':
      return `curl -N ${base}/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "stream": true,
       "messages": [{"role": "user", "content": "Hello"}]}'`;
    case 'python':
      return `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="${secret}")
stream = client.chat.completions.create(
    model="${model}", stream=True,
    messages=[{"role": "user", "content": "Hello"}],
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)`;
    case 'javascript':
      return `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${base}',
  apiKey: '${secret}',
});
const stream = await client.chat.completions.create({
  model: '${model}', stream: true,
  messages: [{role: 'user', content: 'Hello'}],
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
}`;
    case 'claude':
      return `export ANTHROPIC_BASE_URL="${origin}"
export ANTHROPIC_AUTH_TOKEN="${secret}"
claude`;
  }
}

/** The first model that the key may use by name, else a usual one. */
export function exampleModel(models: readonly string[]): string {
  return models.find(model => !model.includes('*')) ?? 'gpt-4o-mini';
}

export function Snippets(input: SnippetInput) {
  const [language, setLanguage] = useState<Language>('curl');
  const text = snippet(language, input);
  return (
    <div class="stack-sm">
      <div class="row spread row-wrap">
        <h3>Try it</h3>
        <div class="row code-bar">
          <Segments
            label="Language of the example"
            value={language}
            onValue={setLanguage}
            options={languages}
          />
          <CopyButton text={text} what="the example" small={false} />
        </div>
      </div>
      <div class="code">
        <pre tabIndex={0} aria-label={`Example for ${language}`}>
          <code>{text}</code>
        </pre>
      </div>
    </div>
  );
}
