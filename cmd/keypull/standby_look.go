package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/standby"
	"keypull/pull/outside"
	"keypull/pull/words"
)

// following is how the standby of this machine is doing.
type following struct {
	// Ready is false: a standby answers nobody.
	Ready bool `json:"ready"`
	// Of is where the primary is reached.
	Of    string `json:"of"`
	Epoch uint64 `json:"epoch"`
	// Runs: keypull standby does. Connected: it reaches the primary.
	Runs      bool `json:"runs"`
	Connected bool `json:"connected"`
	// Whole: it may be promoted.
	Whole bool `json:"whole"`
	// LagRecords is how far it is behind, Taken the moment up to which it has everything.
	LagRecords uint64    `json:"lag_records"`
	Taken      time.Time `json:"taken,omitzero"`
}

// lookAtStandby returns how the standby is doing whose copy is the store of a configuration; nil where the store is no
// such copy.
func lookAtStandby(ctx context.Context, c *config.Config) (*following, error) {
	if c.StorePath() == "" {
		return nil, nil //nolint:nilnil // there is none, and nothing is wrong
	}
	state, ok, err := standby.ReadState(c.StorePath())
	if err != nil || !ok || state.Promoted {
		return nil, err //nolint:wrapcheck // it names the file
	}
	f := &following{Of: state.Of, Epoch: state.Epoch, Whole: state.Whole && !state.Behind, Taken: state.Taken}
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := newStandbyClient(slog.New(slog.DiscardHandler))
	defer client.Close()
	answer, err := client.Do(ctx, outside.Request{URL: config.PublicURL(c.Server.Listen) + "/readyz", Single: true})
	if err != nil {
		return f, nil // it does not run
	}
	var told struct {
		Standby, Whole, Connected bool
		LagRecords                uint64 `json:"lag_records"`
		Taken                     time.Time
	}
	if json.Unmarshal(answer.Body, &told) != nil || !told.Standby {
		return f, nil // something else answers there
	}
	f.Runs, f.Connected, f.Whole, f.LagRecords, f.Taken = true, told.Connected, told.Whole, told.LagRecords, told.Taken
	return f, nil
}

// wrong returns what is amiss, as a sentence, and the command that mends it; nothing where it follows.
func (f *following) wrong(c *config.Config, path string) (said words.Text, mend string) {
	start := "keypull standby -c " + shellQuoted(path) + " --of " + f.Of
	switch {
	case !f.Runs:
		return words.Text{Key: "standby.idle", Args: words.Args{"of": f.Of, "address": c.Server.Listen}}, start
	case !f.Connected:
		return words.Text{Key: "standby.cut", Args: words.Args{"of": f.Of}}, "curl " + f.Of + "/healthz"
	case !f.Whole:
		return words.Text{Key: "standby.catching_up", Args: words.Args{"of": f.Of}}, "keypull status -c " + shellQuoted(path)
	}
	return words.Text{}, ""
}

// tellFollowing prints how the standby of this machine is doing. It ends with 69 where none runs, with 1 where the primary
// is not reached or not all is here.
func tellFollowing(out io.Writer, c *config.Config, path string, f *following, asJSON bool) error {
	said, _ := f.wrong(c, path)
	var err error
	if asJSON {
		err = cli.PrintJSON(out, f)
	} else {
		lines := []string{cli.Say("standby.copy", words.Args{"of": f.Of, "records": strconv.FormatUint(f.LagRecords, 10)})}
		if !said.IsZero() {
			lines = []string{said.In(cli.Language())}
		}
		if !f.Taken.IsZero() {
			lines = append(lines, cli.Say("standby.taken", words.Args{"moment": f.Taken.Local().Format(time.DateTime)}))
		}
		_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	}
	switch {
	case err != nil || said.IsZero():
		return err
	case !f.Runs:
		return &cli.Exit{Code: cli.Unreachable, Silent: true, Err: fmt.Errorf("the standby of %s does not run", f.Of)}
	}
	return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("the standby does not follow %s", f.Of)}
}
