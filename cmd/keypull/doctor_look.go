package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	userfiles "keypull/pull/private"
	"keypull/pull/words"
	"keypull/store/withdrawn"
	"keypull/web/console"
)

// examination is a doctor's look at one installation.
type examination struct {
	config *config.Config
	path   string
	now    time.Time
	// server is what the running server tells of itself; nil where none runs.
	server *serviceStatus
	// withheld: only the environment of the server says how backups are reached.
	withheld bool
	// following is set where the store is the copy of a standby.
	following *following
	found     []ailment
}

// examine returns what is wrong with the installation of a configuration. A file that was
// not named may be missing.
func examine(ctx context.Context, path string, named bool, now time.Time) []ailment {
	x := &examination{path: path, now: now}
	c, found := config.Load(path, os.LookupEnv, allKinds())
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !named {
		c, found = config.Read(path, nil, os.LookupEnv, allKinds())
	}
	if c == nil || found.Errors() > 0 && (!found.OnlyAbsent() || !isServed(ctx, c)) {
		for _, f := range found.In(cli.Language()) {
			x.note(ailment{Code: "configuration", Harm: 3, What: fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message), Mend: "keypull check -c " + shellQuoted(path)})
		}
		return x.found
	}
	x.config = c
	x.withheld = slices.ContainsFunc(found, func(f config.Finding) bool { return strings.HasPrefix(f.Path, "backup.") })
	x.askServer(ctx)
	x.lookAtModes()
	if x.lookAtFollowing(ctx); x.following == nil {
		x.lookAtStore(ctx)
		if free := x.lookIntoStore(ctx); free {
			x.lookOutside(ctx)
		}
		x.lookAtBackups(ctx)
	}
	x.lookAtFiles()
	x.lookAtClock()
	x.lookForLeftovers()
	return x.found
}

func (x *examination) note(a ailment) { x.found = append(x.found, a) }

// askServer asks the running server how it is doing, and notes what it tells.
func (x *examination) askServer(ctx context.Context) {
	socket, err := socketFile(x.config.OwnPath())
	if err != nil {
		x.note(ailment{Code: "socket", Harm: 2, What: words.Said(err).In(cli.Language()), Mend: "keypull check -c " + shellQuoted(x.path)})
		return
	}
	client := console.Client{Path: socket, Token: os.Getenv(tokenVariable), Language: cli.Language()}
	told, err := showStatus.Call(console.WithDoer(ctx, client), statusQuery{})
	switch _, there := os.Lstat(socket); {
	case errors.Is(err, console.ErrNoServer) && there == nil:
		x.note(removing(ailment{Code: "stale_socket", Harm: 1, What: cli.Say("doctor.stale_socket", words.Args{"file": socket})}, socket))
		return
	case errors.Is(err, console.ErrNoServer):
		return
	case err != nil:
		x.note(ailment{Code: "server", Harm: 2, What: words.Said(err).In(cli.Language()), Mend: "keypull status -c " + shellQuoted(x.path)})
		return
	}
	x.server = &told
	if !told.Ready {
		x.note(ailment{Code: "not_ready", Harm: 3, What: cli.Say("doctor.not_ready", words.Args{"reason": words.Verbatim(told.Store)}), Mend: "keypull status -c " + shellQuoted(x.path)})
	}
	if told.Version != releaseVersion() {
		x.note(ailment{Code: "version", Harm: 1, What: cli.Say("doctor.version", words.Args{"version": told.Version, "own": releaseVersion()}), Mend: "systemctl restart keypull"})
	}
	if told.Key.Rotating {
		x.note(ailment{Code: "rotating", Harm: 1, What: cli.Say("doctor.rotating", words.Args{"key": told.Key.Key}), Mend: "keypull status -c " + shellQuoted(x.path)})
	}
	for _, f := range told.Failing {
		if f.Resource == "backup" && !x.withheld {
			continue // the folders tell
		}
		x.note(ailment{Code: f.Code, Harm: 2, What: f.Publisher + "/" + f.Resource + "/" + cmp.Or(f.ID, f.Resource) + ": " + f.Text, Mend: f.Mend})
	}
}

// lookAtModes finds files that others may read.
func (x *examination) lookAtModes() {
	if !userfiles.Modes {
		return
	}
	store, key := x.config.OwnPath(), x.config.Secrets.KeyFile
	files := []string{key, key + ".slots", store, withdrawn.NameOf(store)}
	logs, _ := filepath.Glob(store + ".wal.*") // the pattern is one
	for _, path := range slices.Concat(files, logs) {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			continue
		}
		x.note(ailment{Code: "mode", Harm: 3, What: cli.Say("doctor.mode", words.Args{"file": path, "mode": fmt.Sprintf("%04o", info.Mode().Perm())}),
			Mend: "chmod 0600 " + shellQuoted(path), fix: func() error { return os.Chmod(path, 0o600) }})
	}
}

// lookAtFollowing finds a standby that does not follow. Its copy is the primary's affair, and so are backups.
func (x *examination) lookAtFollowing(ctx context.Context) {
	f, err := lookAtStandby(ctx, x.config)
	if err != nil {
		x.note(ailment{Code: "standby", Harm: 2, What: words.Said(err).In(cli.Language()), Mend: "keypull check -c " + shellQuoted(x.path)})
		return
	}
	if x.following = f; f == nil {
		return
	}
	if said, mend := f.wrong(x.config, x.path); !said.IsZero() {
		x.note(ailment{Code: "standby", Harm: 2, What: said.In(cli.Language()), Mend: mend, Section: "operators.md#a-second-machine-that-takes-over"})
	}
}

// lookAtStore finds what check finds of the store with its log and keys. Keys that others may
// read are refused, and are told by their modes.
func (x *examination) lookAtStore(ctx context.Context) {
	if slices.ContainsFunc(x.found, func(a ailment) bool { return a.Code == "mode" }) {
		return
	}
	for _, f := range checkStored(ctx, x.config, false).In(cli.Language()) {
		a := ailment{Code: f.Code, What: f.Message, Mend: "keypull check -c " + shellQuoted(x.path)}
		switch f.Code {
		case codeDamaged:
			a.Harm, a.Mend, a.Section = 3, mendByRestore, sectionOf(f.Said())
		case "store":
			a.Harm, a.Section = 3, sectionOf(f.Said())
		case "cannot_open":
			a.Harm, a.What = 2, f.Path+": "+f.Message
		default:
			continue // for whoever edits it
		}
		if x.server == nil || f.Code != "cannot_open" { // the server has told of those
			x.note(a)
		}
	}
}

// lookIntoStore reads all of a store that nobody serves and that opens, and finds what is broken in it and whether its
// disk is full; of one that is served the server tells. It reports whether a server could be started.
func (x *examination) lookIntoStore(ctx context.Context) (free bool) {
	broken := func(a ailment) bool { return a.Code == codeDamaged || a.Code == "store" || a.Code == "mode" }
	if x.server != nil {
		x.noteAside(x.server.Damaged)
		return false
	}
	if slices.ContainsFunc(x.found, broken) {
		return false
	}
	if hasNoStore(x.config) {
		return true
	}
	h, err := openInstallation(ctx, x.config, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return false // another process has it open, such as a standby
	}
	if h.file != nil {
		if err := h.file.Check(ctx); err != nil {
			x.note(ailment{Code: codeDamaged, Harm: 3, What: words.Said(err).In(cli.Language()), Mend: mendByRestore, Section: sectionOf(words.Said(err))})
		}
	}
	if err := h.store.Room(); err != nil {
		x.note(ailment{Code: "disk_full", Harm: 3, What: words.Said(err).In(cli.Language()), Mend: "du -xh " + shellQuoted(filepath.Dir(x.config.OwnPath())) + " | sort -h | tail"})
	}
	x.noteAside(h.countDamage())
	_ = h.Close() // nothing was written
	return true
}

// lookOutside tries the address to serve at, and asks each source and account of the file once. Where
// somebody serves the server knows how they are.
func (x *examination) lookOutside(ctx context.Context) {
	if err := tryAddress(ctx, x.config.Server.Listen); err != nil {
		said := words.Said(err)
		x.note(ailment{Code: "listen", Harm: 3, What: said.In(cli.Language()), Mend: "ss -ltnp", Section: sectionOf(said)})
	}
	t := openTrial(ctx, x.config)
	defer t.closeSources()
	t.askSources(ctx, func(int, int) {})
	for _, f := range t.found.In(cli.Language()) {
		if f.Code != "example_source" { // nobody has written it yet
			x.note(ailment{Code: f.Code, Harm: 2, What: f.Message, Mend: "keypull check -c " + shellQuoted(x.path)})
		}
	}
}

// noteAside notes what stands aside since it could not be read.
func (x *examination) noteAside(d console.Damaged) {
	if n := d.ReadersAnew + d.DayKeys + d.Records; n > 0 {
		x.note(ailment{Code: "set_aside", Harm: 2, What: cli.Say("doctor.set_aside", words.Args{"n": n}), Mend: mendByRestore})
	}
}

// mendByRestore puts a backup back.
const mendByRestore = "keypull restore ARCHIVE --newest FILE --into FOLDER"

// lookAtFiles finds that the server will soon have no file left to open.
func (x *examination) lookAtFiles() {
	if x.server == nil || x.server.FilesMax == 0 || 5*x.server.FilesOpen < 4*x.server.FilesMax {
		return
	}
	x.note(ailment{Code: "open_files", Harm: 2, What: cli.Say("doctor.open_files", words.Args{"open": x.server.FilesOpen, "max": x.server.FilesMax}), Mend: "systemctl edit keypull  # LimitNOFILE=65536"})
}

// lookAtClock finds files from a time to come.
func (x *examination) lookAtClock() {
	const spare = time.Minute
	store := x.config.OwnPath()
	for _, path := range []string{store, store + ".wal.end", x.config.Secrets.KeyFile + ".slots"} {
		if _, at := sizeOf(path); at.After(x.now.Add(spare)) {
			x.note(ailment{Code: "clock", Harm: 2, What: cli.Say("doctor.clock", words.Args{"file": path, "moment": at.Local().Format(time.DateTime)}), Mend: "timedatectl set-ntp true"})
			return
		}
	}
}

// lookForLeftovers finds what a process left over that ended while it wrote. Where a server
// runs it may be writing now.
func (x *examination) lookForLeftovers() {
	const settled = time.Hour
	folders := []string{filepath.Dir(x.config.OwnPath()), filepath.Dir(x.config.Secrets.KeyFile)}
	if b := &x.config.Backup; b.To != "" {
		folders = append(folders, localFolders(b.To, b.Newest)...)
	}
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		parts, _ := filepath.Glob(filepath.Join(folder, "*.part-*")) // the pattern is one
		for _, path := range parts {
			if _, at := sizeOf(path); x.server == nil && x.following == nil || x.now.Sub(at) > settled {
				x.note(removing(ailment{Code: "leftover", Harm: 1, What: cli.Say("doctor.leftover", words.Args{"file": path})}, path))
			}
		}
	}
}

// lookAtBackups finds backups that are not made, or too old.
func (x *examination) lookAtBackups(ctx context.Context) {
	b := &x.config.Backup
	if x.config.StorePath() == "" || x.withheld {
		return // it is the database's, or the server tells
	}
	if b.To == "" {
		x.note(ailment{Code: "no_backup", Harm: 1, What: cli.Say("doctor.no_backup", nil), Mend: "keypull config | grep -A 30 backup"})
		return
	}
	missing := false
	for _, folder := range localFolders(b.To, b.Newest) {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		missing = true
		x.note(ailment{Code: "folder", Harm: 2, What: cli.Say("doctor.folder", words.Args{"folder": folder}),
			Mend: "mkdir -p -m 0700 " + shellQuoted(folder), fix: func() error { return os.MkdirAll(folder, 0o700) }})
	}
	if missing {
		return
	}
	mend := "keypull backup -c " + shellQuoted(x.path)
	to, newest, err := backupTargets(x.config)
	var h backup.Health
	if err == nil {
		if h, err = backup.LastMade(ctx, to, newest); err == nil {
			err = newest.CheckForgets(ctx)
		}
	}
	switch {
	case err != nil:
		x.note(ailment{Code: "backup_place", Harm: 2, What: words.Said(err).In(cli.Language()), Mend: mend})
	case h.Archive.IsZero():
		x.note(ailment{Code: "backup", Harm: 2, What: cli.Say("doctor.never", words.Args{"folder": b.To}), Mend: mend})
	case !h.ArchiveLate(b.Every, x.now).IsZero():
		x.note(ailment{Code: "backup", Harm: 2, What: cli.Say("doctor.late", words.Args{"moment": h.Archive.Local().Format(time.DateTime)}), Mend: mend})
	case x.server != nil && !h.Late(b.Every, x.now).IsZero():
		x.note(ailment{Code: "backup", Harm: 2, What: cli.Say("doctor.newest_late", words.Args{"moment": h.Newest.Local().Format(time.DateTime)}), Mend: mend})
	}
}

// localFolders returns those places that are folders of this machine.
func localFolders(places ...string) []string {
	return slices.DeleteFunc(places, config.IsAddress)
}
