package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/machine"
	"keypull/pull/words"
	"keypull/web/console"
)

// serviceStatus is how a server is doing: what /readyz tells, and more.
type serviceStatus struct {
	readiness

	URL string `json:"url"`
	// AsksPerSecond is of the last minute.
	AsksPerSecond float64 `json:"asks_per_s"`
	// DiskFree is what the store's disk has left, in bytes; 0 where the disk is a database's.
	DiskFree int64 `json:"disk_free"`
	// FilesOpen are the files and connections that the process has open, FilesMax how many it may have; nothing where
	// the system does not tell.
	FilesOpen int `json:"files_open,omitempty"`
	FilesMax  int `json:"files_max,omitempty"`
	// BackupAge and NewestAge are those of the last archive and of the newest half, in
	// seconds; nothing where there is none.
	BackupAge *int64 `json:"backup_age_s,omitempty"`
	NewestAge *int64 `json:"newest_age_s,omitempty"`
	// Standby is how the machine that may take over has been doing; nothing where none may.
	Standby *standbyStatus `json:"standby,omitempty"`
	// Nodes are the processes at a database, first the one that works; none where the store is a file.
	Nodes []nodeStatus `json:"nodes"`
	// Key is the master key in use, and how its rotation stands.
	Key rotatedKey `json:"key"`
	// Probes are what came of asking each channel from outside, where that was wished.
	Probes []probed `json:"probes,omitempty"`
}

// statusQuery is the input of "service.status".
type statusQuery struct {
	// Probe asks each channel from outside.
	Probe bool `name:"probe" json:"probe" label:"Probe" help:"Ask each channel from outside."`
}

// showStatus is "service.status".
var showStatus = console.Declare[statusQuery, serviceStatus](console.Declaration{ //nolint:gochecknoglobals // as all operations
	Name: "service.status", Permission: console.Admin,
	Summary: "Tell how the running server is doing.",
})

// showStatus carries "service.status" out.
func (in *installation) showStatus(ctx context.Context, q statusQuery) (serviceStatus, error) {
	if in.status == nil {
		return serviceStatus{}, words.Fail(console.ErrNoServer, "status.none", nil)
	}
	out := in.status(ctx)
	if q.Probe {
		out.Probes = in.probeChannels(ctx)
	}
	return out, nil
}

// tellStatus returns how this server is doing.
func (s *Server) tellStatus(ctx context.Context) serviceStatus {
	out := serviceStatus{readiness: s.lookReady(ctx), URL: s.URL, AsksPerSecond: s.metrics.Pace()}
	out.Failing = s.listFailing(ctx, "")
	if free, ok := s.store.DiskFree(); ok {
		out.DiskFree = max(free, 1) // none is left, which isn't that nobody knows
	}
	out.FilesOpen, out.FilesMax = machine.Files()
	out.Standby, out.Key = s.standby.status("en"), s.keyStatus()
	out.Nodes = s.listNodes(ctx)
	if s.backups != nil {
		h, now := s.backups.Health(), s.clock()
		out.BackupAge, out.NewestAge = ageOf(h.Archive, now), ageOf(h.Newest, now)
	}
	return out
}

// ageOf returns an age in seconds; nil of what was never made.
func ageOf(made, now time.Time) *int64 {
	if made.IsZero() {
		return nil
	}
	age := int64(now.Sub(made) / time.Second)
	return &age
}

func newStatusCommand() *cobra.Command {
	var (
		path          string
		asJSON, probe bool
	)
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell how the running server is doing",
		Long: "status asks the running server how it is doing: the details of /readyz, with how many asks a second\n" +
			"were settled in the last minute, what the disk has left, how old the backup is, and which processes\n" +
			"work and wait at a database. It ends with 69 where no server runs, and with 1 where no ask could be\n" +
			"accepted now. --probe asks each channel: a web chat and an HTTP partner's answer HELP by their public\n" +
			"address, through whatever stands before the server; of mailboxes and accounts of platforms it tries\n" +
			"the login. It ends with 1 where one fails. On the machine of a standby it tells how that follows.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(status(cmd, path, asJSON, probe)) },
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	cmd.Flags().BoolVar(&probe, "probe", false, "ask each channel from outside")
	return cmd
}

func status(cmd *cobra.Command, path string, asJSON, probe bool) error {
	c, err := servedConfig(cmd, path)
	if err != nil {
		return err
	}
	if f, err := lookAtStandby(cmd.Context(), c); err != nil || f != nil {
		if err != nil {
			return err
		}
		return tellFollowing(cmd.OutOrStdout(), c, path, f, asJSON)
	}
	var told serviceStatus
	err = withOperations(cmd.Context(), c, true, refused, func(ctx context.Context) (err error) {
		told, err = showStatus.Call(ctx, statusQuery{Probe: probe})
		return err
	})
	if err != nil {
		return err
	}
	if asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), told)
	} else {
		err = printStatus(cmd.OutOrStdout(), &told)
	}
	if err == nil && !told.Ready {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("not ready: %s", told.Store)}
	}
	if failed := slices.IndexFunc(told.Probes, func(p probed) bool { return p.Error != "" }); err == nil && failed >= 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%s: %s", told.Probes[failed].Channel, told.Probes[failed].Error)}
	}
	return err
}

// printStatus prints a line for each thing to be known.
func printStatus(out io.Writer, s *serviceStatus) error {
	ready := "status.ready"
	if !s.Ready {
		ready = "status.unready"
	}
	disk := cli.Say("status.database", nil)
	if s.DiskFree > 0 {
		disk = cli.Say("status.disk", words.Args{"free": strconv.FormatInt(s.DiskFree>>20, 10)})
	}
	lines := []string{
		cli.Say(ready, words.Args{"version": s.Version, "address": s.URL}),
		cli.Say("status.asks", words.Args{"pace": strconv.FormatFloat(s.AsksPerSecond, 'f', 1, 64), "n": s.Pending}),
		disk,
	}
	if s.BackupAge != nil {
		lines = append(lines, cli.Say("status.backup", words.Args{"age": (time.Duration(*s.BackupAge) * time.Second).String()}))
	}
	if b := s.Standby; b != nil {
		said := "status.standby"
		if !b.Follows {
			said = "status.no_standby"
		}
		lines = append(lines, cli.Say(said, words.Args{"records": strconv.FormatUint(b.LagRecords, 10), "lag": strconv.FormatFloat(b.LagSeconds, 'f', 1, 64), "alone": strconv.FormatUint(b.Alone, 10)}),
			cli.Say("standby.cut_off", nil))
	}
	lines = append(lines, nodeLines(s.Nodes)...)
	if s.Key.Rotating {
		lines = append(lines, cli.Say("status.rotating", words.Args{"key": s.Key.Key, "wrapped": strconv.FormatInt(s.Key.Wrapped, 10), "slots": strconv.FormatInt(s.Key.Slots, 10)}))
	}
	for _, p := range s.Probes {
		lines = append(lines, p.Publisher+"/"+p.Channel+"  "+p.String())
	}
	for _, f := range s.Failing {
		lines = append(lines, fmt.Sprintf("%s  %s %s  %s", f.Publisher, f.Resource, f.ID, f.Text))
		if f.Mend != "" {
			lines = append(lines, "    "+f.Mend)
		}
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err //nolint:wrapcheck // of the terminal
}
