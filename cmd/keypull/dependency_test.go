package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// leastVersions are those in which what is known to be broken is mended, with what that
// is. A module that is not in a file of modules is not asked for.
var leastVersions = map[string]struct{ least, why string }{
	"github.com/gofiber/fiber/v2":         {"2.52.14", "CVE-2025-54801 and CVE-2025-48075, a form that ends the process; CVE-2026-42554, script by Format; CVE-2026-45045, X-Real-IP of strangers"},
	"github.com/valyala/fasthttp":         {"1.70.0", "a path encoded twice passes a guard"},
	"golang.org/x/crypto":                 {"0.45.0", "CVE-2025-22869, CVE-2025-47914 and CVE-2025-58181, hangs and memory by SSH"},
	"golang.org/x/net":                    {"0.45.0", "CVE-2025-22870, a proxy evaded by zone ids; CVE-2025-22872, text read as markup; CVE-2025-47911 and CVE-2025-58190, HTML that never ends"},
	"golang.org/x/image":                  {"0.18.0", "CVE-2024-24792, a picture that ends the process"},
	"golang.org/x/text":                   {"0.3.8", "CVE-2022-32149, a header of languages that takes for ever"},
	"golang.org/x/oauth2":                 {"0.27.0", "CVE-2025-22868, memory by a token"},
	"google.golang.org/protobuf":          {"1.33.0", "CVE-2024-24786, JSON that never ends"},
	"github.com/golang-jwt/jwt/v5":        {"5.2.2", "CVE-2025-30204, memory by a header"},
	"github.com/jackc/pgx/v5":             {"5.5.4", "CVE-2024-27304, statements by a message of 4 GB"},
	"filippo.io/age":                      {"1.2.1", "GHSA-32gq-x56h-299c, programs started by the name of a plugin"},
	"github.com/go-viper/mapstructure/v2": {"2.4.0", "GHSA-fv92-fjc5-jj9h and GHSA-2464-8j7c-4cjm, secrets in errors"},
	"github.com/prometheus/client_golang": {"1.11.1", "CVE-2022-21698, memory by methods of requests"},
	"github.com/microcosm-cc/bluemonday":  {"1.0.16", "CVE-2021-29272 and CVE-2021-42576, script that passes"},
	"gopkg.in/yaml.v2":                    {"2.2.8", "CVE-2019-11254, a document that takes for ever"},
	"github.com/go-git/go-git/v5":         {"5.13.0", "CVE-2025-21613, arguments by an address"},
	"github.com/cloudflare/circl":         {"1.6.1", "CVE-2025-8556, keys that are no points of the curve"},
	"github.com/ulikunitz/xz":             {"0.5.15", "CVE-2025-58058, memory by an archive"},
}

// mended tells of each module of a file that is older than it may be.
func mended(text string) (old, met []string) {
	for line := range strings.Lines(text) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) < 2 {
			continue
		}
		need, known := leastVersions[fields[0]]
		if !known || !strings.HasPrefix(fields[1], "v") {
			continue
		}
		met = append(met, fields[0])
		if version := strings.TrimPrefix(fields[1], "v"); compareReleases(version, need.least) < 0 {
			old = append(old, fields[0]+" "+version+" is older than "+need.least+": "+need.why)
		}
	}
	return old, met
}

// compareReleases compares two versions by their numbers.
func compareReleases(a, b string) int {
	x, y := cli.Release(a), cli.Release(b)
	for i := range x {
		if x[i] != y[i] {
			return x[i] - y[i]
		}
	}
	return 0
}

func TestDependenciesAreThoseInWhichWhatIsKnownIsMended(t *testing.T) {
	for _, file := range []string{"go.mod", filepath.Join("deploy", "nfpm.mod")} {
		text, err := os.ReadFile(filepath.Join("..", "..", file)) //nolint:gosec // of this repository
		if err != nil {
			t.Fatal(err)
		}
		old, met := mended(string(text))
		for _, one := range old {
			t.Errorf("%s: %s", file, one)
		}
		if len(met) < 3 {
			t.Errorf("%s names %v", file, met)
		}
	}
	for text, want := range map[string]int{
		"require golang.org/x/net v0.44.9\n":                      1,
		"\tgolang.org/x/net v0.45.0 // indirect\n":                0,
		"\tgolang.org/x/net v0.9.0\n\tgolang.org/x/text v0.3.8\n": 1,
		"\tgithub.com/valyala/fasthttp v1.100.0\n":                0,
	} {
		if old, _ := mended(text); len(old) != want {
			t.Errorf("%q: %v", text, old)
		}
	}
}
