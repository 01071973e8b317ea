// Command report reads the events of "go test -json" and prints what a person
// wants to see of them: a line for each package, the output of what failed, and the tests that
// took the longest.
// It writes "N passed, N failed" to the file it is given; tests and their cases
// count, and so does a package that failed without one of them. It exits with 1
// where anything failed or was skipped.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of the stream; see "go doc cmd/test2json".
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// report is what has been seen so far.
type report struct {
	passed, failed, skipped int
	// output holds what tests, and packages beside them, have said so far.
	output map[string]*strings.Builder
	// broken counts the failed tests of a package.
	broken map[string]int
	// longest are the tests that took the longest, that one first.
	longest []event
	out     io.Writer
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "report: name the file for the counts")
		os.Exit(2)
	}
	r := &report{output: map[string]*strings.Builder{}, broken: map[string]int{}, out: os.Stdout}
	err := r.read(os.Stdin)
	for _, e := range r.longest {
		fmt.Fprintf(r.out, "%6.1f s  %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	counts := fmt.Sprintf("%d passed, %d failed\n", r.passed, r.failed)
	if werr := os.WriteFile(os.Args[1], []byte(counts), 0o600); err == nil {
		err = werr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
	if r.failed > 0 || r.skipped > 0 {
		os.Exit(1)
	}
}

func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil {
			r.note(e)
		} else if len(line) > 0 {
			_, _ = r.out.Write(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) note(e event) {
	if e.Package == "" {
		e.Package = e.ImportPath
	}
	name := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if r.output[name] == nil {
			r.output[name] = &strings.Builder{}
		}
		r.output[name].WriteString(e.Output)
	case "pass", "fail", "skip", "build-fail":
		if e.Test == "" {
			r.finish(e)
		} else {
			r.count(e, name)
			r.rank(e)
		}
		delete(r.output, name)
	}
}

// count notes a test.
func (r *report) count(e event, name string) {
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		r.broken[e.Package]++
		r.tell(name)
	case "skip":
		r.skipped++
		fmt.Fprintf(r.out, "SKIP %s: no test may skip itself\n", name)
		r.tell(name)
	}
}

// rank keeps a test where it is one of those that took the longest; cases are part of theirs.
func (r *report) rank(e event) {
	const most = 25
	if strings.Contains(e.Test, "/") {
		return
	}
	i, _ := slices.BinarySearchFunc(r.longest, e, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	r.longest = slices.Insert(r.longest, i, e)
	r.longest = r.longest[:min(len(r.longest), most)]
}

// finish notes a package.
func (r *report) finish(e event) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok   %s %.1f s\n", e.Package, e.Elapsed)
	case "fail":
		// A build that fails, a panic or a timeout ends a package without any
		// of its tests being at fault.
		if r.broken[e.Package] == 0 {
			r.failed++
		}
		fmt.Fprintf(r.out, "FAIL %s %.1f s\n", e.Package, e.Elapsed)
		r.tell(e.Package + " ")
	case "build-fail":
		r.tell(e.Package + " ")
	}
}

// tell prints what was said, less the lines by which go test counts along: first the lines of
// logs, then what failed, which is read where only the end of it is kept.
func (r *report) tell(name string) {
	said := r.output[name]
	if said == nil {
		return
	}
	isLog := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), `{"time":`) }
	for _, logs := range []bool{true, false} {
		for line := range strings.Lines(said.String()) {
			if isLog(line) == logs && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "FAIL") {
				_, _ = io.WriteString(r.out, line)
			}
		}
	}
}
