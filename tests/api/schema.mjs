// SPDX-License-Identifier: Apache-2.0
// The part of JSON Schema 2020-12 that docs/openapi.json uses. A keyword that is not here is an error, never passed over.
const typeOf = (value) => value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
const annotations = new Set(['description', 'format', 'example', '$comment']);

const rules = {
    type: (types, value) => [].concat(types).some((type) => type === typeOf(value) || (type === 'number' && typeOf(value) === 'integer'))
        ? [] : [`is ${typeOf(value)}, not ${[].concat(types).join(' or ')}`],
    enum: (values, value) => values.includes(value) ? [] : [`is none of ${values.join(' ')}: ${JSON.stringify(value)}`],
    const: (wanted, value) => value === wanted ? [] : [`is not ${JSON.stringify(wanted)}`],
    pattern: (pattern, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value) ? [] : [`does not match ${pattern}: ${value}`],
    minLength: (n, value) => typeof value !== 'string' || [...value].length >= n ? [] : [`has fewer than ${n} characters`],
    maxLength: (n, value) => typeof value !== 'string' || [...value].length <= n ? [] : [`has more than ${n} characters`],
    minimum: (n, value) => typeof value !== 'number' || value >= n ? [] : [`is less than ${n}`],
    maximum: (n, value) => typeof value !== 'number' || value <= n ? [] : [`is more than ${n}`],
    minItems: (n, value) => !Array.isArray(value) || value.length >= n ? [] : [`has fewer than ${n} items`],
    required: (names, value) => typeOf(value) !== 'object' ? [] : names.filter((name) => !Object.hasOwn(value, name)).map((name) => `lacks ${name}`),
};

export class Schemas {
    constructor(description) { this.description = description; }

    resolve(reference) {
        if (!reference.startsWith('#/')) throw new Error(`a reference outside of the description: ${reference}`);
        const found = reference.slice(2).split('/').reduce((at, name) => at?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], this.description);
        if (found === undefined) throw new Error(`no ${reference}`);
        return found;
    }

    // What is wrong with the value, as texts; empty: nothing.
    faults(schema, value, path = '$') {
        return Object.entries(schema).flatMap(([keyword, argument]) => this.#check(schema, keyword, argument, value, path));
    }

    #check(schema, keyword, argument, value, path) {
        if (annotations.has(keyword) || keyword === 'additionalProperties') return [];
        if (keyword in rules) return rules[keyword](argument, value).map((text) => `${path} ${text}`);
        if (keyword === '$ref') return this.faults(this.resolve(argument), value, path);
        if (keyword === 'properties') return this.#members(schema, argument, value, path);
        if (keyword === 'items') return Array.isArray(value) ? value.flatMap((item, i) => this.faults(argument, item, `${path}[${i}]`)) : [];
        if (keyword === 'oneOf') return this.#oneOf(argument, value, path);
        throw new Error(`a keyword that this validator does not know: ${keyword}`);
    }

    #members(schema, properties, value, path) {
        if (typeOf(value) !== 'object') return [];
        if (schema.additionalProperties !== false) throw new Error(`${path}: an object that is open to any member`);
        return Object.entries(value).flatMap(([name, member]) => Object.hasOwn(properties, name)
            ? this.faults(properties[name], member, `${path}.${name}`) : [`${path} has the unknown member ${name}`]);
    }

    #oneOf(choices, value, path) {
        const found = choices.map((choice) => this.faults(choice, value, path));
        const right = found.filter((faults) => faults.length === 0).length;
        if (right === 1) return [];
        return right > 1 ? [`${path} fits ${right} of its forms`] : [`${path} fits none of its forms:`, ...found.flatMap((faults, i) => faults.map((text) => `  form ${i + 1}: ${text}`))];
    }
}
