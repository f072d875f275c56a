/** A model of the simulated service. */
export interface ServedModel {
  id: string;
  /** Its messages may have images. */
  takesImages: boolean;
  /** Streams the arguments of calls in pieces when asked to. */
  toolStream: boolean;
}

/** Every model that the vendor's reference lists in 2026. */
export const SERVED_MODELS: readonly ServedModel[] = [
  model('glm-4.5'),
  model('glm-4.5-air'),
  model('glm-4.5-flash'),
  model('glm-4.5v', { takesImages: true }),
  model('glm-4.6', { toolStream: true }),
  model('glm-4.6v', { takesImages: true, toolStream: true }),
  model('glm-4.6v-flash', { takesImages: true, toolStream: true }),
  ...['glm-4.7', 'glm-4.7-flash', 'glm-4.7-flashx'].map((id) => model(id, { toolStream: true })),
  ...['glm-5', 'glm-5-turbo', 'glm-5.1', 'glm-5.2', 'glm-5.3'].map((id) =>
    model(id, { toolStream: true }),
  ),
];

function model(id: string, special: Partial<ServedModel> = {}): ServedModel {
  return { id, takesImages: false, toolStream: false, ...special };
}
