package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// measureDatabase measures whole asks of a service whose store is a PostgreSQL database beside those of
// one whose store is a file, in turn: at one node, through one that waits, and at three in turn.
func (b *bencher) measureDatabase(ctx context.Context) error {
	const missing = "name one by --database, whose user may make schemas"
	var file, one, through, three []pace
	for i := range b.rounds {
		if b.database == "" {
			break
		}
		p, err := b.measureServed(ctx, "file", i, job{Answers: true})
		if err != nil {
			return err
		}
		n, err := b.measureNodes(ctx, i)
		if err != nil {
			return err
		}
		file, one, through, three = append(file, p), append(one, n.one), append(through, n.through), append(three, n.three)
	}
	none := ""
	if b.database == "" {
		none = missing
	}
	per := func(all []pace) string { return fmt.Sprintf("%.0f", ratesOf(all).medianValue()) }
	b.report.addFigure(figure{Name: "whole asks a second, in a database : in a file", Unit: "×", Sense: "≥", Detail: fmt.Sprintf("%s/s : %s/s", per(one), per(file))}.
		withValues(ratiosOf(ratesOf(one), ratesOf(file))...).unlessMissing(none))
	b.report.addFigure(figure{Name: "CPU of an ask, in a database : in a file", Unit: "×", Detail: fmt.Sprintf("%.0f µs : %.0f µs, the server's own", cpuOf(one).medianValue(), cpuOf(file).medianValue())}.
		withValues(ratiosOf(cpuOf(one), cpuOf(file))...).atMost(1.6, 1.3).unlessMissing(none))
	b.report.addFigure(figure{Name: "CPU of forwarding an ask", Unit: "µs", Sense: "≤", Detail: "of the node that waits"}.withValues(cpuOf(through)...).unlessMissing(none))
	b.report.addFigure(figure{Name: "whole asks a second, through a node that waits : at the one that works", Unit: "×", Sense: "≥", Detail: fmt.Sprintf("%s/s : %s/s", per(through), per(one))}.
		withValues(ratiosOf(ratesOf(through), ratesOf(one))...).unlessMissing(none))
	b.report.addFigure(figure{Name: "whole asks a second, at three nodes in turn : at one", Unit: "×", Sense: "≥", Detail: fmt.Sprintf("%s/s : %s/s", per(three), per(one))}.
		withValues(ratiosOf(ratesOf(three), ratesOf(one))...).unlessMissing(none))
	return nil
}

// nodePaces are those of three nodes at a database: of the one that works, of one that waits and
// forwards, and of all in turn.
type nodePaces struct{ one, through, three pace }

func (b *bencher) measureNodes(ctx context.Context, round int) (n nodePaces, err error) {
	address, drop, err := b.makeSchema(ctx, round)
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	config := strings.Replace(configText(b.standIn.Place().Plain, ""), `url = "bolt:bench.db"`, fmt.Sprintf("url = %q\ndurable = \"trusted\"", address), 1)
	name := "nodes-" + strconv.Itoa(round)
	var nodes []*serverProcess
	defer func() {
		for i := len(nodes) - 1; i >= 0; i-- { // who waits first, that it does not work once the other ends
			err = errors.Join(err, nodes[i].Close())
		}
	}()
	for range 3 {
		s, err := b.startServer(ctx, name, config)
		if err != nil {
			return n, err
		}
		nodes = append(nodes, s)
	}
	j := job{Answers: true}
	if err := b.warmReaders(ctx, nodes[0], j); err != nil {
		return n, err
	}
	j.Count = b.asks
	if n.one, err = b.measureLoad(ctx, nodes[0], j); err != nil {
		return n, err
	}
	time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
	if n.through, err = b.measureLoad(ctx, nodes[1], j); err != nil {
		return n, err
	}
	time.Sleep(quiet) //nolint:forbidigo // as above
	j.Also = []string{nodes[1].address, nodes[2].address}
	n.three, err = b.measureLoad(ctx, nodes[0], j)
	return n, err
}

// makeSchema makes a schema of a database, and returns the address whose tables are there.
func (b *bencher) makeSchema(ctx context.Context, round int) (address string, drop func() error, err error) {
	u, err := url.Parse(b.database)
	if err != nil {
		return "", nil, fmt.Errorf("read --database: %w", err)
	}
	schema := fmt.Sprintf("keypull_bench_%d_%d", time.Now().UnixNano(), round)
	do := func(sql string) error {
		const patience = 30 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // what was made goes, too, when it is broken off
		defer cancel()
		conn, err := pgx.Connect(ctx, b.database)
		if err != nil {
			return fmt.Errorf("reach the database: %w", err)
		}
		_, err = conn.Exec(ctx, sql)
		return errors.Join(err, conn.Close(ctx))
	}
	if err := do("create schema " + schema); err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), func() error { return do("drop schema " + schema + " cascade") }, nil
}
