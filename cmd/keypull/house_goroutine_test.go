package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recovered returns the functions of the binary that start goroutines, by the
// package and name of each, with who catches what breaks down there: a panic in
// a goroutine that nobody catches ends the process for everybody.
func recovered() map[string]string {
	return map[string]string{
		"pull.startFlight":                      "flights.runFlight: fetchAndJudge and saveResult catch what a source or its vocabulary breaks down at",
		"pull.bringBeside":                      "pull.Caught",
		"pull/pipeline.runSteadily":             "pull.KeepRunning",
		"pull/pipeline.runJob":                  "workerPool.doJob",
		"pull/what.do":                          "together.wait: it breaks down where it is waited for",
		"sources/feed.askHub":                   "pull.Caught",
		"sources/quote.fetchAll":                "pull.Caught",
		"sources/crawl.EachPage":                "pull.Caught",
		"store.removeAll":                       "nothing but Delete of the back end runs there",
		"store.eraseAll":                        "pull.Caught",
		"store/sealed.tidySoon":                 "pull.KeepRunning",
		"store/internal/engine.Start":           "the writer: what breaks down there must not be acknowledged",
		"store/internal/engine.freezeMemtables": "file.guardRead: a checkpoint that breaks down ends the store",
		"store/internal/wal.Ahead":              "nothing but calls of the system",
		"store/postgres.Open":                   "the writer: what breaks down there must not be acknowledged",
		"store/postgres.run":                    "pull.KeepRunning",
		"store.renewReaders":                    "pull.Caught",
		"web/alarms.tellAll":                    "pull.Caught",
		"web/alarms.lookAtSources":              "pull.Caught",
		"web/desk.carryAll":                     "pull.Caught",
		"web/desk.fetchAll":                     "pull.Caught",
		"web/desk.handAll":                      "pull.Caught",
		"web/console.resendLetters":             "pull.Caught",
		"web/console.Listen":                    "accept only accepts",
		"web/console.accept":                    "Socket.do",
		"web/messengers/telegram.add":           "acks.sent",
		"web/messengers.hold":                   "pull.Caught",
		"web/messengers.progress":               "pull.Caught",
		"sources.fetchAll":                      "pull.Caught",
		"cmd/keypull.runSteadily":               "pull.KeepRunning",
		"cmd/keypull.probeChannels":             "pull.Caught",
		"cmd/keypull.keepMemory":                "pull.KeepRunning",
		"cmd/keypull.start":                     "Serve catches for each request; replayHealth catches in recountTraces",
		"cmd/keypull.showInBrowser":             "it waits for a process alone",
		"cmd/keypull.Fill":                      "the benchmark, not the service",
		"cmd/keypull.Ask":                       "the demo's own crowd",
		"cmd/keypull.setUpPast":                 "the demo's own past",
		"cmd/keypull/cli.newProgress":           "a command, not the service",
		"cmd/keypull.tryOne":                    "a command, not the service",
		"cmd/keypull/channel.run":               "pull.Caught",
		"cmd/keypull/config.ahead":              "piece.parse",
		"cmd/keypull/safe.askPeer":              "pull.Caught",
		"cmd/keypull.startForwarding":           "net/http, for each request; Serve only accepts",
		"cmd/keypull.followUntil":               "the standby, which serves nobody",
		"cmd/keypull/standby.newCopy":           "engine.Backup: file.guardRead",
		"cmd/keypull/source.each":               "trier.tryDocument",
		"cmd/keypull/demo.serve":                "the demo's own outlet",
		"cmd/keypull/publishing.startRun":       "pull.KeepRunning",
		"cmd/keypull/publishing.Learn":          "pull.KeepRunning",
		"cmd/keypull/publishing.learnItems":     "pull.KeepRunning",
	}
}

// goroutines returns where a file starts goroutines: the functions that say "go",
// or call a method Go.
func goroutines(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				names = append(names, f.Name.Name)
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Go" && len(n.Args) == 1 {
					names = append(names, f.Name.Name)
				}
			}
			return true
		})
	}
	return names
}

func TestEveryGoroutineHasSomebodyWhoCatchesItsPanics(t *testing.T) {
	known, met := recovered(), map[string]bool{}
	for _, p := range house(t) {
		where, ok := below(p.ImportPath)
		if !ok || strings.HasSuffix(where, "test") || strings.HasPrefix(filepath.Base(p.Dir), "bench") {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range goroutines(file) {
				if met[where+"."+f] = true; known[where+"."+f] == "" {
					t.Errorf("%s/%s: %s starts a goroutine; say in this file's table who catches a panic in it", where, name, f)
				}
			}
		}
	}
	var gone []string
	for f := range known {
		if !met[f] {
			gone = append(gone, f)
		}
	}
	if slices.Sort(gone); len(gone) > 0 {
		t.Errorf("these start no goroutine any more: %v", gone)
	}
}
