package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
	"keypull/store"
)

// nodeStatus is a process at the database of a store.
type nodeStatus struct {
	ID uint64 `json:"id"`
	// Name is its machine and where it serves; empty where it does not say, as an older version.
	Name    string `json:"name"`
	Version string `json:"version"`
	// State is "works" or "waits".
	State string    `json:"state"`
	Since time.Time `json:"since"`
	// Differs: its configuration says something else than that of the one that works.
	Differs bool `json:"differs"`
	// Keyless: it waits and can't take over, since it lacks a wrapping key.
	Keyless bool `json:"keyless"`
	// URL is where others reach it that forward what comes to it; empty where they don't.
	URL string `json:"url"`
	// Ahead is how many seconds its clock is ahead of the database's, at least; less than zero where it
	// is behind.
	Ahead float64 `json:"ahead_s"`
}

// The states of a node.
const (
	nodeWorks = "works"
	nodeWaits = "waits"
)

// describeNode returns what this process says of itself at a database; at is where it serves, nil where it
// does not.
func (in *installation) describeNode(at net.Addr) store.Node {
	host, _ := os.Hostname() // a machine may have no name
	n := store.Node{Name: host, Version: releaseVersion()}
	if at != nil {
		n.Name = strings.TrimSpace(host + " " + at.String())
		n.URL, n.Pass = cmp.Or(strings.TrimRight(in.config.Node.URL, "/"), nodeURL(host, at)), rand.Text()
	}
	return n
}

// nodeURL is where other nodes reach one that listens at an address of a machine.
func nodeURL(host string, at net.Addr) string {
	ip, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return ""
	}
	if addr, err := netip.ParseAddr(ip); err == nil && !addr.IsUnspecified() {
		host = ip
	}
	return "http://" + net.JoinHostPort(cmp.Or(host, "localhost"), port)
}

// reachableNode returns a node without its URL where that leads to another machine of its own.
func (in *installation) reachableNode(n store.Node) store.Node {
	own, _, _ := strings.Cut(in.node.Name, " ")
	its, _, _ := strings.Cut(n.Name, " ")
	if own != its && config.Local(n.URL) {
		n.URL = ""
	}
	return n
}

// sayConfig tells the others at a database of a configuration that was read again.
func (in *installation) sayConfig(c *config.Config) {
	attended, ok := in.store.(store.Attended)
	if !ok {
		return
	}
	digest, err := c.Digest(allKinds())
	if err != nil {
		in.logger.Warn("the others are not told of the configuration", "error", err)
		return
	}
	attended.SayConfig(digest)
}

// sayLeaving has the others hold what comes to them until one of them works, and this one what it
// held for itself.
func (in *installation) sayLeaving(ctx context.Context) {
	if in.forwarding != nil {
		in.forwarding.SetNode(store.Node{ID: in.ownHandle()})
	}
	if attended, ok := in.store.(store.Attended); ok {
		ctx, cancel := context.WithTimeout(ctx, waits.ready)
		defer cancel()
		if err := attended.SayLeaving(ctx); err != nil {
			in.logger.WarnContext(ctx, "the others are not told that this keypull ends", "error", err)
		}
	}
}

// listNodes returns the processes at the database of the store; none where it is a file.
func (in *installation) listNodes(ctx context.Context) []nodeStatus {
	list := []nodeStatus{}
	attended, ok := in.store.(store.Attended)
	if !ok {
		return list
	}
	const patience = 3 * time.Second // the rest of what is told does not wait for a database that is away
	ctx, end := context.WithTimeout(ctx, patience)
	defer end()
	nodes, err := attended.Nodes(ctx)
	if err != nil {
		in.logger.WarnContext(ctx, "the processes at the database can't be told", "error", err)
		return list
	}
	works := ""
	for _, n := range nodes {
		if works == "" && !n.Waits {
			works = n.Config
		}
		s := nodeStatus{ID: n.ID, Name: n.Name, Version: n.Version, State: nodeWorks, Since: n.Since, URL: n.URL, Ahead: n.Ahead.Seconds()}
		if n.Waits {
			s.State, s.Keyless = nodeWaits, n.Keys == store.NoKeys
		}
		s.Differs = works != "" && n.Config != "" && n.Config != works
		list = append(list, s)
	}
	return list
}

// nodeLines returns what is said of each process at a database.
func nodeLines(nodes []nodeStatus) (lines []string) {
	for _, n := range nodes {
		key := "status.node_works"
		if n.State == nodeWaits {
			key = "status.node_waits"
		}
		line := cli.Say(key, words.Args{"id": int(n.ID), "name": words.Verbatim(n.Name), "since": n.Since.UTC().Format("2006-01-02 15:04:05"), "version": words.Verbatim(n.Version)}) //nolint:gosec // counted up from 0
		if n.Differs {
			line += ": " + cli.Say("status.node_differs", nil)
		}
		if by := time.Duration(n.Ahead * float64(time.Second)).Abs(); by > store.ClockTold {
			line += ": " + cli.Say("status.node_clock", words.Args{"by": by.Round(time.Second).String(), "most": store.ClockTaken.String()})
		}
		if n.Keyless {
			line += ": " + cli.Say("status.node_keyless", nil)
		}
		lines = append(lines, line)
	}
	return lines
}

// ownHandle is the number of this process at a database that others may have open; 0 elsewhere.
func (in *installation) ownHandle() uint64 {
	if shared, ok := in.store.(store.Shared); ok {
		return shared.Handle()
	}
	return 0
}
