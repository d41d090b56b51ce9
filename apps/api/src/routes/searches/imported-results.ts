import { Readable } from 'node:stream';

import { CompoundSearchError, importedResultsSchema, unassignedPolicies } from '@compound-search/contracts';
import { type Importing, importResults, type ResultFormat } from '@compound-search/search';
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { validatorCompiler } from '../../parsing.ts';
import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

const formats: Readonly<Record<string, ResultFormat>> = {
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'text/csv': 'csv',
};

/** Bytes of the largest body: some hundred thousand results, of which there are as many as a search has trials at most. */
const largestUpload = 64 * 1024 ** 2;

/** Results on their way in. Its fields are no content that a guard would have to walk through. */
class Upload {
  readonly #bytes: AsyncIterable<Uint8Array>;
  readonly #format: ResultFormat;

  constructor(bytes: AsyncIterable<Uint8Array>, format: ResultFormat) {
    this.#bytes = bytes;
    this.#format = format;
  }

  read(): { readonly bytes: AsyncIterable<Uint8Array>; readonly format: ResultFormat } {
    return { bytes: withinLimit(this.#bytes), format: this.#format };
  }
}

async function* withinLimit(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > largestUpload) throw tooLarge();
    yield chunk;
  }
}

function tooLarge(): CompoundSearchError {
  return new CompoundSearchError('BODY_TOO_LARGE', `The results have more than ${largestUpload} bytes`, {
    field: 'body',
    remedy: 'Send them in several parts.',
  });
}

/** In the place of the parser of JSON: the text is read as it arrives, by whoever wants it. */
function parseResultsOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  for (const [type, format] of Object.entries(formats)) {
    app.addContentTypeParser(type, (_request, payload, done) => done(null, new Upload(payload, format)));
  }
  app.addContentTypeParser('*', ({ headers }: FastifyRequest) => {
    throw new CompoundSearchError('UNSUPPORTED_MEDIA_TYPE', 'The results are neither JSON lines nor CSV', {
      field: 'content-type',
      value: headers['content-type'],
      remedy: `Send the header content-type with one of ${Object.keys(formats).join(', ')}.`,
    });
  });
}

/** The body's schema describes its text; what is in it is checked line by line. */
const validateAllButBody: FastifySchemaCompiler<z.ZodType> = (route) =>
  route.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(route);

/** Results of trainings that ran elsewhere. */
export const importRoute: FastifyPluginCallbackZod<Omit<Importing, 'log'>> = (app, { store }, done) => {
  parseResultsOnly(app);
  app.setValidatorCompiler(validateAllButBody);
  app.post(
    '/searches/:id/results',
    {
      schema: {
        operationId: 'importResults',
        summary: 'Import results of trials that were trained elsewhere, as JSON lines or comma-separated values',
        description:
          'One line a trial: `seed`, and `fingerprint` or `alpha`, `beta` and `gamma` of its candidate; `validationAccuracy`, ' +
          'or in `failure` the code with which the training failed; `validationLoss`, `steps`, `seconds` and `weightsHash` ' +
          'where they are known; `purpose` (`ranking` where absent), and `testAccuracy` of a test trial. Exported lines fit ' +
          'as they are; those without a result are left out. All lines are stored, or none; the same again changes nothing. ' +
          `At most ${largestUpload / 1024 ** 2} MiB.`,
        tags: ['searches'],
        consumes: Object.keys(formats),
        params: idParamsSchema,
        querystring: z.strictObject({
          unassigned: z
            .enum(unassignedPolicies)
            .default('refuse')
            .describe('What becomes of lines whose trial the search has not assigned (yet).'),
        }),
        body: z.string().describe('The lines; of comma-separated values the first has the names of the columns.'),
        response: {
          200: success('What became of the lines.', importedResultsSchema),
          ...problems(
            'VALIDATION_FAILED',
            'BODY_TOO_LARGE',
            'UNSUPPORTED_MEDIA_TYPE',
            'NOT_FOUND',
            'RESULT_INVALID',
            'RESULT_CONFLICT',
            'DEPENDENCY_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { unassigned } = request.query;
      const body: unknown = request.body;
      const upload = body instanceof Upload ? body : new Upload(Readable.from([]), 'jsonl');
      const imported = await importResults({ store, log: request.log }, id, { ...upload.read(), unassigned });
      return found(imported, 'search', id);
    },
  );
  done();
};
