import type { Gate } from './gate.ts';

/** The `data` object of one frame of a completion. Every field may be missing, others may come. */
export interface FrameData {
  phase?: string;
  delta_content?: string;
  edit_index?: number | null;
  edit_content?: string;
  usage?: object;
  done?: boolean;
  error?: object;
  [field: string]: unknown;
}

/** One thing that a scenario does. After the last step the body ends cleanly. */
export type Step =
  /** `data: {"type":"chat:completion","data":<frame>}` (see `Wire.event`) and an empty line. */
  | { frame: FrameData }
  /** Exactly these bytes. */
  | { raw: string | Uint8Array }
  | { pauseMs: number }
  | { waitFor: Gate }
  /**
   * A frame each `intervalMs`, on a clock that all streams share: thousands of streams are cheap. A
   * function makes its frame when it is sent, so that the frame can tell the time.
   */
  | { paced: readonly (FrameData | (() => FrameData))[]; intervalMs: number }
  /** Closes the connection with the body unfinished: the client sees an error, not an end. */
  | { break: true };

/** How the bytes of the steps look and travel. */
export interface Wire {
  /** Whether a frame is the `data` of a `chat:completion` event, or all there is. Default `chat`. */
  event: 'chat' | 'bare';
  /** Default `lf`. */
  lineEnding: 'lf' | 'cr' | 'crlf';
  /** Whether a byte order mark comes first. Default false. */
  bom: boolean;
  /** Whether each frame has a comment before it. Default false. */
  comments: boolean;
  /** Whether each frame's JSON is spread over several `data:` lines. Default false. */
  multilineData: boolean;
  /**
   * How the bytes between two waits are cut into writes that are flushed apart: a write a step
   * (the default), all in one, a byte each, so many bytes each, or as a function says. Paced
   * frames are always a write each.
   */
  cut: 'step' | 'none' | 'byte' | number | ((bytes: Uint8Array) => Uint8Array[]);
  /**
   * Time between two writes. 0, the default, is one turn of the event loop: a client that is busy
   * may then still read several as one.
   */
  cutPauseMs: number;
}

/** A whole HTTP answer without a stream. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A 200 with a body of server-sent events. */
export interface StreamScenario {
  steps: readonly Step[];
  wire?: Partial<Wire>;
  /** Besides `content-type`; the bytes are not made to fit (`content-encoding`). */
  headers?: Readonly<Record<string, string>>;
  /** Nothing is sent, headers included, until this gate opens. */
  hangBeforeHeaders?: Gate;
}

/** An answer in one piece: an HTTP error, a page of HTML. */
export interface StatusScenario {
  answer: HttpAnswer;
  hangBeforeHeaders?: Gate;
}

/** The connection closes without an answer. */
interface NoAnswerScenario {
  closeBeforeHeaders: true;
  hangBeforeHeaders?: Gate;
}

/** What one call is answered with: plain data, so that it may be used again and in several streams. */
export type Scenario = StreamScenario | StatusScenario | NoAnswerScenario;
