package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

// tryTimeout is how long check waits for a source.
const tryTimeout = 15 * time.Second

func newCheckCommand() *cobra.Command {
	var (
		config          string
		asJSON, offline bool
	)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find everything wrong with a configuration, at once",
		Long: "check reads the configuration, holds the catalogue against the rules, and asks every\n" +
			"source once. It stores nothing and sends nothing.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := check(cmd.Context(), config, offline)
			if err := printFindings(cmd.OutOrStdout(), found, asJSON); err != nil {
				return failed(err)
			}
			if n := found.errors(); n > 0 {
				return &exit{code: exitFindings, silent: true, err: fmt.Errorf("%d errors", n)}
			}
			return nil
		},
	}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON, one line each")
	cmd.Flags().BoolVar(&offline, "offline", false, "leave the sources alone")
	return cmd
}

func check(ctx context.Context, path string, offline bool) findings {
	c, found := loadConfig(path, os.LookupEnv, allKinds())
	if c == nil || found.errors() > 0 {
		return found
	}
	found = append(found, c.lint(allKinds())...)
	if offline {
		return found
	}
	return append(found, c.try(ctx)...)
}

// try opens every source and asks it once.
func (c *Config) try(ctx context.Context) findings {
	logger := slog.New(slog.DiscardHandler)
	client := outside.New(outside.Options{AllowPrivate: c.private(), UserAgent: userAgent(c), Clock: time.Now, Logger: logger})
	defer client.Close()
	keeper := pull.NewKeeper(nil, time.Now)
	defer keeper.Close()
	room := &newsroom{kinds: allKinds(), client: client, keeper: keeper, channels: &messengers.Channels{},
		clock: time.Now, logger: logger, base: c.Folder, folder: os.TempDir(), publicURL: c.Server.PublicURL}
	var (
		mu    sync.Mutex
		found findings
		wait  sync.WaitGroup
	)
	for i, p := range c.Publishers {
		// What cannot be opened is found again, source by source, below.
		_ = room.Open(ctx, p)
		for j, s := range p.Sources {
			wait.Go(func() {
				ctx, cancel := context.WithTimeout(ctx, tryTimeout)
				defer cancel()
				if err := room.probe(ctx, p, s.ID); err != nil {
					mu.Lock()
					defer mu.Unlock()
					found = append(found, c.finding(fmt.Sprintf("publisher[%d].source[%d]", i, j), s.ID, err))
				}
			})
		}
	}
	wait.Wait()
	slices.SortStableFunc(found, byLine)
	return found
}

// probe asks a source once: for what it brings without an argument, else for
// the first entry of its vocabulary. A source that has neither is left alone.
func (n *newsroom) probe(ctx context.Context, p catalogue.Publisher, id string) error {
	n.mu.RLock()
	s := n.desks[p.ID].sources[id]
	n.mu.RUnlock()
	if s.Problem != nil {
		return s.Problem
	}
	q := pull.Query{Count: 1, Language: p.Languages[0], At: n.clock()}
	key, err := s.Key(q)
	if v, ok := s.Source.(pull.Vocabulary); ok && err != nil {
		if terms := v.Terms(nil); len(terms) > 0 {
			q.Argument = terms[0].Value
			key, err = s.Key(q)
		}
	}
	if err != nil {
		return nil //nolint:nilerr // only a reader's argument would tell
	}
	return n.keeper.Refresh(ctx, pull.Want{Place: pull.Place{Publisher: p.ID, Source: id, Key: key}, Source: s.Source})
}

// finding tells of a source that does not answer, at the line where it stands.
func (c *Config) finding(path, id string, err error) finding {
	file, line := c.origins.of(path)
	return finding{File: file, Line: line, Path: path, Severity: catalogue.Error,
		Code: "dead_source", Message: "source " + id + ": " + err.Error()}
}

func printFindings(w io.Writer, found findings, asJSON bool) error {
	if !asJSON {
		text := found.String()
		if len(found) == 0 {
			text = "No findings.\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range found {
		if err := e.Encode(f); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
	}
	return nil
}
