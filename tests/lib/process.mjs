import { readdir, readFile } from 'node:fs/promises';

/** How many descriptors a process of this machine has open. */
export async function openDescriptors(pid) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Bytes of memory of a process that lie in the machine's: its resident set. */
export async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)[1]) * 1024;
}
