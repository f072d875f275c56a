import type { TestGateway } from '../../support/start-gateway.ts';
import type { CallLog } from './city-tools.ts';

/** What a client makes of a reply. */
interface ReadReply {
  text: string;
  /** null when the client has no word for it. */
  reasoning: string | null;
  usage: { input: number | undefined; output: number | undefined };
}

/** A client library, as one of its users writes with it. */
export interface ClientUnderTest {
  name: string;
  /** Whether it knows of reasoning at all. */
  readsReasoning: boolean;
  /** Asks a model that thinks. */
  ask(gateway: TestGateway, stream: boolean): Promise<ReadReply>;
  /** Lets the model call the city tools until it answers. */
  callTools(gateway: TestGateway, stream: boolean): Promise<{ text: string; log: CallLog }>;
  /** Asks for an object of the schema `CITY`. */
  askForObject(gateway: TestGateway): Promise<unknown>;
}

export const THINKING_MODEL = 'GLM-4.6-Thinking';
export const MODEL = 'GLM-4.6';
export const QUESTION = 'How is the weather in Paris and Rome?';
