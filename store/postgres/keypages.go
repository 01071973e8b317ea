package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"keypull/store"
)

// KeyPages keeps pages of keys beside a store.
type KeyPages struct{ s *Store }

// KeyPages returns what keeps pages of keys.
func (s *Store) KeyPages() KeyPages { return KeyPages{s} }

// pagesAtOnce is how many pages are read by one query.
const pagesAtOnce = 256

// ReadPages calls each with every page, by their numbers.
func (k KeyPages) ReadPages(ctx context.Context, each func(store.KeyPage) error) error {
	for after := int64(-1); ; {
		pages, err := read(ctx, k.s, func(row pgx.CollectableRow) (p store.KeyPage, err error) {
			var number, version int64
			err = row.Scan(&number, &version, &p.Wrapper, &p.Sealed)
			p.Number, p.Version = uint32(number), uint64(version) //nolint:gosec // as they were written
			return p, err
		}, `select number, version, wrapper, sealed from keypull_key_page where number > $1 order by number limit $2`, after, pagesAtOnce)
		if err != nil {
			return err
		}
		for _, p := range pages {
			if err := each(p); err != nil {
				return err
			}
			after = int64(p.Number)
		}
		if len(pages) < pagesAtOnce {
			return nil
		}
	}
}

// Wrappers returns the names of the keys that wrap pages, in order.
func (k KeyPages) Wrappers(ctx context.Context) ([]string, error) {
	return read(ctx, k.s, pgx.RowTo[string], `select distinct wrapper from keypull_key_page order by wrapper`)
}

// WritePages sets pages, all of them or none, in a transaction of a handle that has not ended, and
// returns once that is as durable as an entry. A page that has a higher version stays.
func (k KeyPages) WritePages(ctx context.Context, pages []store.KeyPage) error {
	if len(pages) == 0 {
		return nil
	}
	w := &work{pages: pages}
	for _, p := range pages {
		w.bytes += len(p.Sealed)
	}
	return k.s.do(ctx, w)
}

// writeKeyPages writes pages; a second time it changes nothing.
func (w *writer) writeKeyPages(ctx context.Context, pages []store.KeyPage) error {
	numbers, versions := make([]int64, 0, len(pages)), make([]int64, 0, len(pages))
	wrappers, sealed := make([]string, 0, len(pages)), make([][]byte, 0, len(pages))
	for _, p := range pages {
		numbers, versions = append(numbers, int64(p.Number)), append(versions, int64(p.Version)) //nolint:gosec // counted up from 0
		wrappers, sealed = append(wrappers, p.Wrapper), append(sealed, notNil(p.Sealed))
	}
	w.unsure.Store(false)
	b := new(pgx.Batch)
	b.Queue("begin")
	b.Queue(stillMine, w.node)
	// A write whose connection was cut may come late: what is newer stays.
	b.Queue(`insert into keypull_key_page as kept (number, version, wrapper, sealed) select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[])
		on conflict (number) do update set version = excluded.version, wrapper = excluded.wrapper, sealed = excluded.sealed where excluded.version >= kept.version`,
		numbers, versions, wrappers, sealed)
	b.Queue("commit")
	r := w.conn.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	for range b.Len() - 1 {
		if _, err := r.Exec(); err != nil {
			return err
		}
	}
	if err := committed(r); err != nil {
		return err
	}
	if w.unsure.Load() {
		return errUnsure
	}
	return nil
}
