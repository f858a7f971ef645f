/**
 * An ESLint rule: whoever switches a check off says why, after ` -- ` (ESLint) or behind the directive
 * (TypeScript, whose `@ts-ignore` and `@ts-nocheck` are refused by other rules already).
 */
export const requireReasons = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: 'Say why the check is switched off: `{{directive}} … -- reason`.' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*(eslint-(?:disable|enable)[\w-]*)/.exec(comment.value)?.[1];
          if (directive === undefined || directive === 'eslint-enable') continue;
          if (!/\s--\s+\S{3,}/.test(comment.value)) {
            context.report({ loc: comment.loc, messageId: 'missing', data: { directive } });
          }
        }
      },
    };
  },
};
