// SPDX-License-Identifier: Apache-2.0
// node mart_duckdb.mjs WORLD DAY FILE ROUNDS: the batch over the country in DuckDB, from the CSV files of the world; see README.md.
// @duckdb/node-api has to be installed beside this file (npm ci in bench/).
import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [world, day, file, rounds] = process.argv.slice(2);
const fresh = !existsSync(file);
const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '9GB' });
const db = await instance.connect();
const run = (sql) => db.run(sql);
const seconds = async (sql) => {
    const start = process.hrtime.bigint();
    await run(sql);
    return Number(process.hrtime.bigint() - start) / 1e9;
};

// Everything as text, so that the types are ours; columns that the batch does not need are never read.
const csv = (name) => `read_csv('${world}/${name}.csv', all_varchar = true, header = true, quote = '"', escape = '"')`;
const present = `act_date <= '${day}'`;
if (fresh) {
    await run(`CREATE TABLE life AS SELECT iin::BIGINT AS iin, (born IS NULL OR born <= '${day}') AND (died IS NULL OR died > '${day}')
               AS alive FROM ${csv('persons')} ORDER BY iin`);
    await run(`CREATE TABLE person AS SELECT l.iin, b.mother, b.father FROM life l LEFT JOIN (SELECT child_iin::BIGINT AS child,
               mother_iin::BIGINT AS mother, father_iin::BIGINT AS father FROM ${csv('births')} WHERE ${present}) b ON b.child = l.iin
               ORDER BY l.iin`);
    await run(`CREATE TABLE marriage AS SELECT act_number, act_date, husband_iin::BIGINT AS h, wife_iin::BIGINT AS w
               FROM ${csv('marriages')} WHERE ${present} AND husband_iin <> wife_iin`);
    await run(`CREATE TABLE divorce AS SELECT act_date, husband_iin::BIGINT AS h, wife_iin::BIGINT AS w, marriage_act_number AS number
               FROM ${csv('divorces')} WHERE ${present}`);
    const ended = (h, w) => `NOT EXISTS (SELECT 1 FROM divorce d WHERE d.number IS NULL AND d.${h} = m.h AND d.${w} = m.w
               AND d.act_date >= m.act_date)`;
    await run(`CREATE TABLE in_force AS SELECT m.h, m.w FROM marriage m JOIN life a ON a.iin = m.h AND a.alive JOIN life b ON b.iin = m.w
               AND b.alive WHERE NOT EXISTS (SELECT 1 FROM divorce d WHERE d.number = m.act_number) AND ${ended('h', 'w')}
               AND ${ended('w', 'h')}`);
    await run('CREATE TABLE spouse AS SELECT DISTINCT * FROM (SELECT h AS iin, w AS spouse FROM in_force UNION ALL SELECT w, h FROM in_force)');
    await run(`CREATE TABLE dwelling AS SELECT rka, (total_area::DECIMAL(12, 2) * 100)::BIGINT AS area FROM ${csv('dwellings')}`);
    await run(`CREATE TABLE owner AS SELECT DISTINCT rka, owner::BIGINT AS iin FROM ${csv('owners')} WHERE substr(owner, 5, 1) < '4'`);
    await run(`CREATE TABLE resident AS SELECT DISTINCT r.rka, r.iin::BIGINT AS iin FROM ${csv('residents')} r JOIN life l ON
               l.iin = r.iin::BIGINT AND l.alive WHERE (r.since IS NULL OR r.since <= '${day}') AND (r.until IS NULL OR r.until >= '${day}')`);
}

// a is kin of x by what their own rows say; by the rows of their parents (m, f of each).
const near = (a, x) => `${a}.mother = ${x}.iin OR ${a}.father = ${x}.iin OR ${x}.mother = ${a}.iin OR ${x}.father = ${a}.iin
    OR ${a}.mother = ${x}.mother OR ${a}.father = ${x}.father`;
const batch = [
    `CREATE TEMP TABLE over AS SELECT d.rka FROM dwelling d JOIN (SELECT rka, count(*) AS heads FROM resident GROUP BY rka) h
     ON h.rka = d.rka WHERE h.heads > d.area // 1500`,
    'CREATE TEMP TABLE inside AS SELECT r.rka, r.iin, EXISTS (SELECT 1 FROM owner o WHERE o.rka = r.rka AND o.iin = r.iin) AS owns FROM resident r JOIN over USING (rka)',
    'CREATE TEMP TABLE pair AS SELECT i.rka, i.iin AS a, o.iin AS b FROM inside i JOIN owner o ON o.rka = i.rka WHERE NOT i.owns',
    `CREATE TEMP TABLE first AS SELECT p.rka, p.a, p.b, a.mother AS am, a.father AS af, b.mother AS bm, b.father AS bf, s.iin AS s,
     s.mother AS sm, s.father AS sf, coalesce(${near('a', 'b')}, false) OR coalesce(c.spouse = p.a, false) OR coalesce(${near('a', 's')}, false)
     AS hit FROM pair p JOIN person a ON a.iin = p.a JOIN person b ON b.iin = p.b LEFT JOIN spouse c ON c.iin = p.b
     LEFT JOIN person s ON s.iin = CASE WHEN c.spouse <> p.a THEN c.spouse END`,
    'CREATE TEMP TABLE kin AS SELECT DISTINCT rka, a FROM first WHERE hit',
    'CREATE TEMP TABLE left_over AS SELECT f.* FROM first f ANTI JOIN kin k ON k.rka = f.rka AND k.a = f.a',
    `INSERT INTO kin SELECT DISTINCT f.rka, f.a FROM left_over f
     LEFT JOIN person gm ON gm.iin = f.bm LEFT JOIN person gf ON gf.iin = f.bf LEFT JOIN person hm ON hm.iin = f.am
     LEFT JOIN person hf ON hf.iin = f.af LEFT JOIN person tm ON tm.iin = f.sm LEFT JOIN person tf ON tf.iin = f.sf
     WHERE coalesce(gm.mother = f.a OR gm.father = f.a, false) OR coalesce(gf.mother = f.a OR gf.father = f.a, false)
     OR coalesce(hm.mother = f.b OR hm.father = f.b, false) OR coalesce(hf.mother = f.b OR hf.father = f.b, false)
     OR coalesce(tm.mother = f.a OR tm.father = f.a, false) OR coalesce(tf.mother = f.a OR tf.father = f.a, false)
     OR coalesce(hm.mother = f.s OR hm.father = f.s, false) OR coalesce(hf.mother = f.s OR hf.father = f.s, false)`,
];
const tables = ['over', 'inside', 'pair', 'first', 'kin', 'left_over'];
const times = [];
for (let round = 0; round < Number(rounds); round++) {
    let sum = 0;
    for (const sql of batch) sum += await seconds(sql);
    times.push(sum);
    const count = async (sql) => Number((await db.runAndReadAll(sql)).getRows()[0][0]);
    if (round === 0)
        console.log(`DuckDB found: ${await count('SELECT count(*) FROM over')} over, ${await count('SELECT count(*) FROM inside')} residents, ` +
                    `${await count('SELECT count(*) FROM kin')} kin`);
    for (const table of tables) await run(`DROP TABLE ${table}`);
}
times.sort((a, b) => a - b);
console.log(`DuckDB, staged SQL, 2 threads: ${times[Math.floor(times.length / 2)].toFixed(2)} s (${times.map((t) => t.toFixed(2)).join(' ')})`);
