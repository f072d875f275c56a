import { z } from 'zod';

/** The object that clients ask for. */
export const CITY_SCHEMA = z.object({ name: z.string(), population: z.number().int() });

/** What the city tools take, for clients that have schemas as objects. */
export const LOCATE_INPUT = z.object({ city: z.string(), note: z.string().optional() });
export const WEATHER_INPUT = z.object({
  places: z.array(z.object({ lat: z.number(), lon: z.number() })),
  days: z.number().int(),
});
