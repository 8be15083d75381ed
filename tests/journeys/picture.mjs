// SPDX-License-Identifier: Apache-2.0
// The picture of the README: the reasoned answer to somebody whose mother's birth act is not on record.
import { writeFileSync } from 'node:fs';
import { fewerColours } from './png.mjs';
import { Visitor } from './visitor.mjs';

const WIDTH = 900;
const BYTES_MAX = 150_000;

export async function takePicture(house, path) {
    const citizen = await Visitor.come(house, 'en', WIDTH);
    await citizen.signIn('kin_no_birth_act');
    await citizen.apply({ way: 'rka', rka: citizen.rka });
    await citizen.until('state.choosing');
    await citizen.relate('grandchild', 'mother');
    await citizen.until('state.not_confirmed');
    const { y, height } = await citizen.page.locator('.answer + .row').boundingBox();
    const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil(y + height + 8) };
    const picture = fewerColours(await citizen.page.screenshot({ clip, fullPage: true }));
    await citizen.leave();
    if (picture.length > BYTES_MAX) throw new Error(`the picture has ${picture.length} bytes, more than ${BYTES_MAX}`);
    writeFileSync(path, picture);
}
