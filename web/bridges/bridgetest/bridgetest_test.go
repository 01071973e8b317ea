package bridgetest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"keypull/pull/what"
	"keypull/web/bridges/bridgetest"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// board is an honest bridge in memory, but for one lie.
type board struct {
	mu      sync.Mutex
	lie     string
	threads map[string][]string
	files   map[string][]string
	seen    map[string]string
	down    bool
}

func (b *board) Carry(ctx context.Context, p desk.Post) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil && b.lie != "goes on" {
		return "", err
	}
	if b.down {
		switch b.lie {
		case "swallows failures":
			return p.Thread, nil
		case "keeps what failed":
			b.threads[p.Thread] = append(b.threads[p.Thread], p.Text)
		}
		return "", errors.New("the board is down")
	}
	if at, again := b.seen[p.Key]; again {
		return at, nil
	}
	thread := p.Thread
	switch {
	case thread == "" && b.lie == "opens nothing":
		return "", nil
	case thread == "" && b.lie == "has one thread":
		thread = "t"
	case thread == "", b.lie == "opens anew":
		thread = fmt.Sprint("t", len(b.threads))
	}
	text := p.Text
	switch b.lie {
	case "loses lines":
		text, _, _ = strings.Cut(text, "\n")
	case "loses signs":
		text = strings.ReplaceAll(text, "<", "")
	}
	for _, f := range p.Files {
		body, err := f.Read(ctx)
		switch {
		case err != nil && b.lie == "waits for what is gone":
			return "", err
		case err == nil && b.lie == "brings files twice":
			b.files[thread] = append(b.files[thread], f.Link, string(body))
		case err == nil && b.lie != "leaves files":
			b.files[thread] = append(b.files[thread], string(body))
		}
	}
	b.threads[thread] = append(b.threads[thread], text)
	b.seen[p.Key] = thread
	return thread, nil
}

func (b *board) hear(p desk.Post, by, id, text string) []desk.Heard {
	h := desk.Heard{Threads: []string{p.Thread}, Key: id, By: by, Allowed: by == "ann", Text: text}
	switch b.lie {
	case "believes everybody":
		h.Allowed = true
	case "names nobody":
		h.By = ""
	case "has one key":
		h.Key = "k"
	case "has a key for each delivery":
		b.mu.Lock()
		b.seen[fmt.Sprint(len(b.seen))] = ""
		h.Key = fmt.Sprint(len(b.seen))
		b.mu.Unlock()
	case "names no conversation":
		h.Threads = nil
	case "names every conversation":
		for thread := range b.threads {
			h.Threads = append(h.Threads, thread)
		}
	case "hears the first line":
		h.Text, _, _ = strings.Cut(text, "\n")
	case "hears nothing":
		return nil
	}
	return []desk.Heard{h}
}

type boardSettings struct{ at **board }

func (s *boardSettings) Open(desk.BridgeEnv) (desk.Bridge, error) { return *s.at, nil }

func suite(lie string) bridgetest.Case {
	var at *board
	return bridgetest.Case{
		Kind: desk.Kind{Name: "board", New: func() desk.Opener { return &boardSettings{&at} }},
		Open: func(bridgetest.T) bridgetest.Platform {
			at = &board{lie: lie, threads: map[string][]string{}, files: map[string][]string{}, seen: map[string]string{}}
			b := at
			return bridgetest.Platform{
				Env:   desk.BridgeEnv{Channel: func(string) *messengers.Channel { return nil }, Clock: bridgetest.Now},
				Posts: func(thread string) []string { return slices.Clone(b.threads[thread]) },
				Files: func(thread string) []string { return b.files[thread] },
				Attach: func(_ desk.Bridge, p desk.Post, id, name string) []desk.Heard {
					h := b.hear(p, "ann", id, "")
					if len(h) > 0 {
						h[0].Files = []what.Media{{Type: what.Image, Name: name, URL: "https://board.example/" + name}}
						if b.lie == "keeps where a file is" {
							h[0].Files[0].URL = ""
						}
						if b.lie == "hears no files" {
							h[0].Files = nil
						}
					}
					return h
				},
				Down: func(down bool) { b.down = down },
				Answer: func(_ desk.Bridge, p desk.Post, id, text string) []desk.Heard {
					return b.hear(p, "ann", id, text)
				},
				Stranger: func(_ desk.Bridge, p desk.Post, id, text string) []desk.Heard {
					return b.hear(p, "mallory", id, text)
				},
			}
		},
	}
}

// listener notes what a suite says.
type listener struct {
	*testing.T
	said []string
}

func (l *listener) Errorf(format string, args ...any) {
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

func TestAnHonestBridgePasses(t *testing.T) { bridgetest.Run(t, suite("")) }

func TestEveryLieIsNamed(t *testing.T) {
	for lie, named := range map[string]string{
		"opens nothing": "opened no thread", "has one thread": "two conversations", "opens anew": "which it called", "loses lines": "people read", "loses signs": "people read",
		"swallows failures": "says nothing while", "keeps what failed": "the thread holds", "goes on": "goes on after",
		"believes everybody": "somebody may answer", "names nobody": "it tells", "has one key": "have the key", "has a key for each delivery": "with another key",
		"names no conversation": "names the conversation by", "names every conversation": "names the conversation by", "hears the first line": "it tells", "leaves files": "people find", "brings files twice": "people find",
		"waits for what is gone": "Carry of", "keeps where a file is": "nobody can fetch", "hears no files": "an answer that is a file", "hears nothing": "was heard 0 times",
	} {
		l := &listener{T: t}
		bridgetest.Check(l, suite(lie))
		if all := strings.Join(l.said, "\n"); !strings.Contains(all, named) {
			t.Errorf("of a bridge that %s the suite says %q", lie, all)
		}
	}
}
