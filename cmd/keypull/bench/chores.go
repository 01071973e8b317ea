package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"keypull/cmd/keypull/standby"
	"keypull/pull"
)

// chores are what operators have a service do while it answers, by the commands that they
// type: reload of a changed configuration, rotation of the master key, backup, and a standby
// that comes and goes.
type chores struct {
	bench  *bencher
	server *serverProcess
	// config is the service's file, follower that of the standby, in folders of their own.
	config, follower string
	// done counts each, by its name.
	done map[string]int
}

// choreSecret stands for what a primary and its standby, and a backup and who restores it, share.
const choreSecret = "a-secret-of-two-machines"

// choreText is what the chores take, behind a configuration.
const choreText = "\n[standby]\nsecret = \"" + choreSecret + "\"\n[backup]\nto = \"backup\"\npassphrase = \"" + choreSecret + "\"\n"

func (b *bencher) newChores(s *serverProcess, name string) (c *chores, err error) {
	c = &chores{bench: b, server: s, config: filepath.Join(b.dir, name, "config.toml"), done: map[string]int{}}
	c.follower, err = b.writeConfig(name+"-standby", configText(b.standIn.Place().Plain, "")+choreText)
	return c, err
}

// run does one after the other, with a pause before each, until ctx ends; what has begun is
// brought to its end.
func (c *chores) run(ctx context.Context, pause time.Duration) error {
	steps := []struct {
		name string
		do   func(context.Context) error
	}{{"reload", c.reload}, {"key rotate", c.rotate}, {"backup", c.backUp}, {"standby", func(whole context.Context) error { return c.follow(whole, ctx) }}}
	for i := 0; ; i++ {
		if pull.Sleep(ctx, pause); ctx.Err() != nil {
			return nil //nolint:nilerr // it has run for as long as it was to
		}
		step := steps[i%len(steps)]
		if err := step.do(context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		c.done[step.name]++
	}
}

// reload gives the publisher another name, and has the server read it.
func (c *chores) reload(ctx context.Context) error {
	text, err := os.ReadFile(c.config)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	names := []string{`name = "Bench"`, `name = "The Bench"`}
	if strings.Contains(string(text), names[1]) {
		names[0], names[1] = names[1], names[0]
	}
	if err := os.WriteFile(c.config, []byte(strings.Replace(string(text), names[0], names[1], 1)), 0o600); err != nil { //nolint:gosec // of the folder of this run
		return fmt.Errorf("write the configuration: %w", err)
	}
	return c.command(ctx, "reload")
}

func (c *chores) rotate(ctx context.Context) error { return c.command(ctx, "key", "rotate", "--yes") }
func (c *chores) backUp(ctx context.Context) error { return c.command(ctx, "backup") }

// command runs one of keypull's own on the service's configuration.
func (c *chores) command(ctx context.Context, args ...string) error {
	cmd, said, err := c.process(ctx, append(args, "-c", c.config)...)
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		return fmt.Errorf("%w %s", err, said)
	}
	return nil
}

func (c *chores) process(ctx context.Context, args ...string) (*exec.Cmd, *lastWords, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("find the own binary: %w", err)
	}
	said := new(lastWords)
	cmd := exec.CommandContext(ctx, self, args...) //nolint:gosec // the own binary
	// The standby has a machine of its own elsewhere; here it gives way.
	if nice, err := exec.LookPath("nice"); err == nil && args[0] == "standby" {
		cmd = exec.CommandContext(ctx, nice, append([]string{"-n", "19", self}, args...)...) //nolint:gosec // the own binary
	}
	cmd.Stderr = said
	return cmd, said, cmd.Start()
}

// follow starts the standby, and ends it once it has everything, or the chores end.
func (c *chores) follow(ctx, until context.Context) error {
	key, err := os.ReadFile(filepath.Join(filepath.Dir(c.config), "bench.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(filepath.Dir(c.follower), "bench.key"), key, 0o600) //nolint:gosec // of the folder of this run
	}
	if err != nil {
		return fmt.Errorf("copy the key: %w", err)
	}
	began := time.Now()
	cmd, said, err := c.process(ctx, "standby", "-c", c.follower, "--of", "http://"+c.server.address)
	if err != nil {
		return err
	}
	store := filepath.Join(filepath.Dir(c.follower), "bench.db")
	for {
		state, _, err := standby.ReadState(store)
		whole := err == nil && state.Whole && !state.Behind && state.Taken.After(began)
		if whole {
			break
		}
		if pull.Sleep(until, choreLook); until.Err() != nil {
			break
		}
	}
	if err := errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()); err != nil {
		return fmt.Errorf("%w %s", err, said)
	}
	return nil
}

// choreLook is how often it is looked whether a standby has everything.
const choreLook = 50 * time.Millisecond
