package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"keypull/cmd/keypull/cli"
	"keypull/pull/outside/servertest"
)

// openHouseCopiedToBuckets serves a newsroom whose archives and newest half go to two buckets, and
// returns who owns these.
func openHouseCopiedToBuckets(t *testing.T) (*copiedHouse, *minio.Client) {
	t.Helper()
	const access, secret = "keypull", "a secret of this test"
	root, err := os.MkdirTemp("", "keypull-buckets-") //nolint:usetesting // a folder of the test is closed to the server's user
	if err == nil {
		err = os.Chmod(root, 0o755) //nolint:gosec // the server's user goes through it
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	server := &servertest.Server{Name: "buckets", Root: root, Kill: true}
	t.Cleanup(server.Stop)
	var owner *minio.Client
	err = server.ServeBuckets(access, secret, func() (forGood bool, err error) {
		if owner, err = minio.New(fmt.Sprintf("127.0.0.1:%d", server.Port), &minio.Options{Creds: credentials.NewStaticV4(access, secret, ""), MaxRetries: 1}); err != nil {
			return true, err
		}
		_, err = owner.ListBuckets(context.Background())
		return false, err
	})
	for _, name := range []string{"archives", "newest-half"} {
		if err == nil {
			err = owner.MakeBucket(t.Context(), name, minio.MakeBucketOptions{})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("BUCKETS_SECRET", secret)
	return openHouseCopiedTo(t, "to = \"s3://archives/of/keypull\"\nnewest = \"s3://newest-half\"\n",
		fmt.Sprintf("[backup.s3]\nendpoint = \"http://127.0.0.1:%d\"\nregion = \"us-east-1\"\naccess_key = %q\nsecret_key = \"${BUCKETS_SECRET}\"\npath_style = true\n", server.Port, access)), owner
}

func TestAnInstallationIsPutBackFromTwoBuckets(t *testing.T) {
	h, owner := openHouseCopiedToBuckets(t)
	h.reply(h.api, stayingReader, "my city "+stayingMark+"aaa")
	h.settled()
	var made halvesMade
	if err := json.Unmarshal([]byte(h.printed(t, "backup --json")), &made); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(made.Archive, "s3://archives/of/keypull/keypull-") || made.Newest != "s3://newest-half/keypull.newest" {
		t.Errorf("the halves went to %+v", made)
	}
	if got := h.ailments(t, ""); len(got) > 0 {
		t.Errorf("the doctor finds %v", got)
	}
	if err := owner.EnableVersioning(t.Context(), "newest-half"); err != nil {
		t.Fatal(err)
	}
	if got := h.ailments(t, ""); !slices.Equal(got, []string{"backup_place"}) {
		t.Errorf("of a bucket with versions the doctor finds %v", got)
	}
	h.runs(t, []commandLine{{name: "a bucket with versions", args: "backup", code: cli.Findings, stderr: "never had versions or object lock"}})
	h.stop()
	// The server makes archives by itself, and of an hour the last one stays.
	for o := range owner.ListObjects(t.Context(), "archives", minio.ListObjectsOptions{Prefix: "of/keypull/", Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		made.Archive = max(made.Archive, "s3://archives/"+o.Key)
	}

	config, err := os.ReadFile(h.path)
	if err != nil {
		t.Fatal(err)
	}
	for name, halves := range map[string]halvesMade{"by their names": made, "by where they lie": {"s3://archives/of/keypull", "s3://newest-half"}} {
		t.Run(name, func(t *testing.T) {
			into := filepath.Join(t.TempDir(), "again")
			line := h.restoreLine(halves, into) + " --json"
			if code, _, said := command(t.Context(), strings.Fields(line)...); code != cli.Usage || !strings.Contains(said, "--config") {
				t.Errorf("without a configuration it ended with %d and said %q", code, said)
			}
			code, stdout, stderr := command(t.Context(), strings.Fields(line+" -c "+h.path)...)
			var told puttingBack
			if err := json.Unmarshal([]byte(stdout), &told); code != cli.Done || err != nil || told.Readers != 1 {
				t.Fatalf("restore ended with %d, printed %q and said %q", code, stdout, stderr)
			}
			again := &service{t: t, path: filepath.Join(into, "config.toml"), clock: h.clock, log: newLogBook(t)}
			if err := os.WriteFile(again.path, config, 0o600); err != nil {
				t.Fatal(err)
			}
			again.start()
			t.Cleanup(again.stop)
			if got := again.reply(h.api, stayingReader, "mydata"); !strings.Contains(got, stayingMark) {
				t.Errorf("who stays is told %q", got)
			}
		})
	}
}
