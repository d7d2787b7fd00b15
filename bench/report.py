"""Makes a table and plots of what standard_set.py has measured: medians over the runs, and the ratio to the peer."""

import html
import json
import statistics
from pathlib import Path

COLOURS = {"parley": "#2563eb", "parley with more workers": "#059669", "soketi": "#9ca3af"}
BEGIN, END = "<!-- bench: table begins -->", "<!-- bench: table ends -->"


def at(result, path):
    """The figure at `a.b` of a result; None where there is none."""
    for part in path.split("."):
        if not isinstance(result, dict) or part not in result:
            return None
        result = result[part]
    return result


def per_processor(path):
    """A rate divided by the processors that the server has used for it."""
    def figure(result):
        rate, share = at(result, path), at(result, "server.cpu_share")
        return rate / share if rate and share else None
    return figure


def opened_per_processor(result):
    """How many connections the server has let in for a second of its processor time."""
    count, seconds = at(result, "connect.count"), at(result, "server.opening_cpu_s")
    return count / seconds if count and seconds else None


def stolen_share(result):
    """Of all processors, what a hypervisor gave to others during the run; of two runs, the larger."""
    return max(at(result, "machine.stolen_share") or 0, at(result, "without.machine.stolen_share") or 0)


# Scenario, what, figure, unit, and whether more of it is better.
FIGURES = [
    ("idle_public", "memory of the server for an idle connection, public channel", "server.bytes_per_connection", "B", False),
    ("idle_private", "the same, private channel", "server.bytes_per_connection", "B", False),
    ("idle_private", "memory of the kernel for it, both ends", "kernel.bytes_per_connection", "B", False),
    ("idle_private", "10,000 connections opened and subscribed, a second", "connect.rate", "/s", True),
    ("idle_private", "the same, a second and processor", opened_per_processor, "/s", True),
    ("connect", "connections that come, subscribe and go, a second", "connect.rate", "/s", True),
    ("connect", "the same, a second and processor", per_processor("connect.rate"), "/s", True),
    ("lone_message", "one message to one subscriber, p50", "delivery.p50_ms", "ms", False),
    ("fanout", "1,000 subscribers, 20 messages a second, p50", "delivery.p50_ms", "ms", False),
    ("fanout", "the same, p99", "delivery.p99_ms", "ms", False),
    ("fanout", "the same, processor of the server", "server.cpu_share", "", False),
    ("fanout_max", "1,000 subscribers: highest rate without loss and with p99 below 100 ms", "rate_max", "/s", True),
    ("fanout_at_peers_max", "1,000 subscribers at the highest rate of the peer, p99", "delivery.p99_ms", "ms", False),
    ("rooms", "500 channels of 4, 500 messages a second, p50", "delivery.p50_ms", "ms", False),
    ("rooms", "the same, p99", "delivery.p99_ms", "ms", False),
    ("rooms", "the same, processor of the server", "server.cpu_share", "", False),
    ("rooms_max", "500 channels of 4: highest rate without loss and with p99 below 100 ms", "rate_max", "/s", True),
    ("client_events", "client events, 400 a second in channels of 4, p99", "delivery.p99_ms", "ms", False),
    ("client_events", "the same, processor of the server", "server.cpu_share", "", False),
    ("client_events_max", "client events in channels of 4: highest rate without loss and with p99 below 100 ms", "rate_max", "/s", True),
    ("presence", "50 joins a second: until the others are told, p99", "delivery.p99_ms", "ms", False),
    ("publish", "signed publishes without subscribers, a second", "publish.rate", "/s", True),
    ("publish", "the same, a second and processor", per_processor("publish.rate"), "/s", True),
    ("slow_consumer", "p99 with 1 % of the subscribers not reading, divided by that without", "p99_ratio", "", False),
]

# File, title, and the unit of the figures that it shows.
PLOTS = {
    "throughput": ("Throughput (longer is better)", "/s"),
    "latency": ("Latency (shorter is better)", "ms"),
    "memory": ("Memory of an idle connection (shorter is better)", "B"),
}


def figure_of(result, figure):
    return figure(result) if callable(figure) else at(result, figure)


def load(folder):
    """Results by scenario and program."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        result = json.loads(path.read_text())
        found.setdefault((result["name"], result["program"]), []).append(result)
    return found


def median(results, figure):
    values = [value for value in (figure_of(result, figure) for result in results) if value is not None]
    return statistics.median(values) if values else None


def text_of(value, unit):
    if value is None:
        return "none"
    if unit in ("/s", "B"):
        return f"{value:,.0f}{unit if unit == '/s' else ' B'}"
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f} {unit}".strip()


def summary(result):
    """One line about one run."""
    if "error" in result:
        return f"failed: {result['error']}"
    parts = [f"{what.split(',')[-1].split(':')[-1].strip()} {text_of(figure_of(result, figure), unit)}"
             for name, what, figure, unit, _ in FIGURES if name == result["name"]]
    wrong = ", ".join(f"{what} {result[what]}" for what in ("lost", "doubled", "reordered", "refused", "closed")
                      if result.get(what))
    busy = at(result, "generator.cpu_share") or 0
    return ("; ".join(parts) + (f"; {wrong}" if wrong else "") +
            f"; generator {100 * busy:.0f} %; stolen {100 * stolen_share(result):.1f} %")


def rows_of(found, names):
    """Scenario, what, unit, more is better, and a median for every server."""
    for name, what, figure, unit, more in FIGURES:
        values = [median(found.get((name, server), []), figure) for server in names]
        if any(value is not None for value in values):
            yield name, what, unit, more, values


def peers_max(folder):
    """The highest rate of fan-out that the server which Parley is compared with has borne; None when there is none."""
    rates = [median(results, "rate_max") for (name, server), results in load(folder).items()
             if name == "fanout_max" and not server.startswith("parley")]
    return next(filter(None, rates), None)


def server_names(found):
    names = {server for _, server in found}
    return [name for name in COLOURS if name in names]


def table(found, machine):
    names = server_names(found)
    versions = {result["program"]: result["version"] for results in found.values() for result in results}
    runs = max(len(results) for results in found.values())
    compared = len(names) > 1
    places = "the server on one processor, the load generator on another"
    if "parley with more workers" in names:
        places = "server and load generator share all of them"
    lines = [f"Measured on {machine}: {places}; medians of {runs} runs.", "",
             "| what | " + " | ".join(versions[name] for name in names) + (" | ratio |" if compared else " |"),
             "| --- |" + " ---: |" * (len(names) + compared)]
    for _, what, unit, _, values in rows_of(found, names):
        cells = [text_of(value, unit) for value in values]
        if compared:
            cells.append(f"{values[0] / values[1]:.2f}" if values[0] is not None and values[1] else "")
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n" + wrong_runs(found)


def wrong_runs(found):
    """A sentence for every scenario in which a run was not clean."""
    lines = []
    for (name, server), results in sorted(found.items()):
        bad = [result for result in results if result["status"] != 0]
        if bad:
            lines.append(f"- {name}, {server}: {len(bad)} of {len(results)} runs had losses or failed: {summary(bad[0])}")
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def plot(title, rows, names):
    """Bars, each row in proportion to its own greatest value: the rows have different units."""
    bar, gap, left, width, right = 16, 14, 12, 560, 130
    row_height = 20 + bar * len(names) + gap
    height = 64 + row_height * len(rows)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + right} {height}" '
             f'font-family="system-ui, sans-serif" font-size="13" role="img">',
             f"<title>{html.escape(title)}</title>", '<rect width="100%" height="100%" fill="#ffffff"/>',
             f'<text x="{left}" y="24" font-size="16" font-weight="600" fill="#111827">{html.escape(title)}</text>']
    for index, name in enumerate(names):
        x = left + index * 110
        parts.append(f'<rect x="{x}" y="36" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 18}" y="47" fill="#374151">{name}</text>')
    y = 64
    for _, what, unit, _, values in rows:
        parts.append(f'<text x="{left}" y="{y + 13}" fill="#374151">{html.escape(what)}</text>')
        greatest = max(value for value in values if value is not None) or 1
        for index, (name, value) in enumerate(zip(names, values)):
            top = y + 20 + index * bar
            length = 0 if value is None else width * value / greatest
            parts.append(f'<rect x="{left}" y="{top}" width="{max(1, length):.1f}" height="{bar - 3}" fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{left + length + 6:.1f}" y="{top + 11}" fill="#111827">{text_of(value, unit)}</text>')
        y += row_height
    return "\n".join(parts) + "\n</svg>\n"


def write(folder, docs=None):
    """Writes table.md and the plots into `folder`, and into the documentation `docs` if that is given."""
    found = load(folder)
    if not found:
        raise SystemExit(f"there are no results in {folder}")
    names = server_names(found)
    machine = (folder / "machine.txt").read_text().strip() if (folder / "machine.txt").exists() else "this machine"
    text = table(found, machine)
    (folder / "table.md").write_text(text)
    pictures = {}
    for name, (title, unit) in PLOTS.items():
        rows = [row for row in rows_of(found, names) if row[2] == unit]
        if rows:
            pictures[f"{name}.svg"] = plot(title, rows, names)
    for target in filter(None, [folder, docs and docs / "performance"]):
        target.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            (target / name).write_text(picture)
    if docs:
        page = docs / "performance.md"
        before, rest = page.read_text().split(BEGIN)
        shown = "\n".join(f"![{PLOTS[Path(name).stem][0]}](performance/{name})" for name in pictures)
        page.write_text(f"{before}{BEGIN}\n{text}\n{shown}\n{END}{rest.split(END)[1]}")
    print(f"\n{text}\n{folder / 'table.md'}")
