"""Peers: the least code that does the same page in the way their own documentation shows, written for this bench.

They read the file of tests/benchmarks/dataset.py, named by BENCH_FILE, and listen on one process of gunicorn with four
threads and kept connections.
"""

ROW_HTML = """<tr id="c{{ c.id }}">
<td><a href="/contactos/{{ c.id }}">{{ c.name }}</a></td><td>{{ c.company }}</td>
<td><a href="tel:{{ c.phone }}">{{ c.phone }}</a></td><td>{{ c.email }}</td>
<td><span class="chip">{{ c.status }}</span></td><td>{{ c.notes }}</td><td>{{ c.tags }}</td><td>{{ c.updated_at }}</td>
</tr>
"""
