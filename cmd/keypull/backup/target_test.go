package backup_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/config"
	"keypull/pull/outside/servertest"
	"keypull/pull/settings"
)

func openFolder(t *testing.T, path string) backup.Target {
	t.Helper()
	to, err := backup.OpenTarget(path, "", config.S3Config{})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// buckets is the server of buckets of these tests, started by the first that needs it.
var buckets struct {
	once   sync.Once
	err    error
	server servertest.Server
	client *minio.Client
	s3     config.S3Config
}

func TestMain(m *testing.M) {
	root, err := os.MkdirTemp("", "keypull-buckets-")
	if err == nil {
		err = os.Chmod(root, 0o755) //nolint:gosec // the server's user goes through it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	buckets.server = servertest.Server{Name: "buckets", Root: root, Kill: true}
	code := m.Run()
	buckets.server.Stop()
	_ = os.RemoveAll(root)
	os.Exit(code)
}

const access, secret = "keypull", "a secret of this test"

// startBuckets returns how the server of buckets is reached.
func startBuckets(t *testing.T) config.S3Config {
	t.Helper()
	buckets.once.Do(func() {
		buckets.err = buckets.server.ServeBuckets(access, secret, func() (bool, error) {
			host := fmt.Sprintf("127.0.0.1:%d", buckets.server.Port)
			buckets.s3 = config.S3Config{Endpoint: "http://" + host, Region: "us-east-1", AccessKey: access, SecretKey: settings.Secret(secret), PathStyle: true}
			var err error
			if buckets.client, err = minio.New(host, &minio.Options{Creds: credentials.NewStaticV4(access, secret, ""), Region: "us-east-1", MaxRetries: 1}); err != nil {
				return true, err
			}
			_, err = buckets.client.ListBuckets(context.Background())
			return false, err
		})
	})
	if buckets.err != nil {
		t.Fatal(buckets.err)
	}
	return buckets.s3
}

// newBucket makes a bucket and returns its address.
func newBucket(t *testing.T, locked bool) string {
	t.Helper()
	startBuckets(t)
	name := "b-" + strings.ToLower(rand.Text())
	if err := buckets.client.MakeBucket(t.Context(), name, minio.MakeBucketOptions{ObjectLocking: locked}); err != nil {
		t.Fatal(err)
	}
	return "s3://" + name
}

func openBucket(t *testing.T, address string) backup.Target {
	t.Helper()
	to, err := backup.OpenTarget(address, filepath.Join(t.TempDir(), "spool"), startBuckets(t))
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// places are what the suite runs with.
func places() map[string]func(*testing.T) backup.Target {
	return map[string]func(*testing.T) backup.Target{
		"a folder":             func(t *testing.T) backup.Target { return openFolder(t, filepath.Join(t.TempDir(), "copies")) },
		"a bucket":             func(t *testing.T) backup.Target { return openBucket(t, newBucket(t, false)) },
		"a folder in a bucket": func(t *testing.T) backup.Target { return openBucket(t, newBucket(t, false)+"/of/keypull/") },
		"a bucket, by parts": func(t *testing.T) backup.Target {
			to := openBucket(t, newBucket(t, false))
			backup.CarryInParts(to, 5<<20)
			return to
		},
	}
}

func TestEveryPlaceKeepsCopiesWhole(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) { keepsCopiesWhole(t, place(t)) })
	}
}

func keepsCopiesWhole(t *testing.T, to backup.Target) {
	write := func(name string, text []byte, fails error) (int64, error) {
		return to.WriteCopy(t.Context(), name, func(w io.Writer) error { _, err := w.Write(text); return errors.Join(err, fails) })
	}
	large := make([]byte, 9<<20)
	_, _ = rand.Read(large)
	for _, text := range [][]byte{{}, []byte("first"), large, []byte("second")} {
		if n, err := write("b", text, nil); err != nil || n != int64(len(text)) {
			t.Fatalf("%d bytes: %d, %v", len(text), n, err)
		}
		expectCopy(t, to, "b", text)
	}
	if _, err := write("b", []byte("third"), errors.New("no more")); err == nil {
		t.Error("half a copy was no error")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := to.WriteCopy(ended, "b", func(io.Writer) error { return ended.Err() }); err == nil {
		t.Error("a copy that was given up was no error")
	}
	expectCopy(t, to, "b", []byte("second"))
	for _, name := range []string{"c", "a"} {
		if _, err := write(name, large[:10], nil); err != nil {
			t.Fatal(err)
		}
	}
	expectNames(t, to, "a", "b", "c")
	if err := to.RemoveCopy(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	expectNames(t, to, "b", "c")
	if _, err := to.OpenCopy(t.Context(), "a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy that is gone: %v", err)
	}
	if err := to.CheckForgets(t.Context()); err != nil {
		t.Error(err)
	}
}

func expectCopy(t *testing.T, to backup.Target, name string, text []byte) {
	t.Helper()
	c, err := to.OpenCopy(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	got, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size))
	if err != nil || !bytes.Equal(got, text) {
		t.Errorf("%s has %d bytes, %v; want %d", to.PathOf(name), len(got), err, len(text))
	}
	for _, at := range []int{len(text) / 2, len(text) / 3, len(text)} { // as an archive is read, from its end
		p := make([]byte, 7)
		n, err := c.ReadAt(p, int64(at))
		if want := text[at:min(at+7, len(text))]; !bytes.Equal(p[:n], want) || errors.Is(err, io.EOF) != (len(want) < 7) {
			t.Errorf("at %d of %d: %q, %v, want %q", at, len(text), p[:n], err, want)
		}
	}
}

func expectNames(t *testing.T, to backup.Target, want ...string) {
	t.Helper()
	all, err := to.ListCopies(t.Context())
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
		if age := time.Since(c.Written); age > time.Hour || age < -time.Hour {
			t.Errorf("%s was written at %s", c.Name, c.Written)
		}
	}
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("there are %q, %v; want %q", names, err, want)
	}
}

func TestABucketThatKeepsWhatIsReplacedIsRefusedForTheNewestHalf(t *testing.T) {
	versioned, suspended := newBucket(t, false), newBucket(t, false)
	for address, set := range map[string]func(context.Context, string) error{versioned: buckets.client.EnableVersioning, suspended: buckets.client.SuspendVersioning} {
		if err := set(t.Context(), strings.TrimPrefix(address, "s3://")); err != nil {
			t.Fatal(err)
		}
	}
	for name, address := range map[string]string{"versions": versioned, "versions, once": suspended, "object lock": newBucket(t, true)} {
		t.Run(name, func(t *testing.T) {
			in := newInstallation(t, backup.Ladder{Hours: 2})
			in.Newest = openBucket(t, address)
			err := in.MakeDue(t.Context())
			if err == nil || !strings.Contains(err.Error(), "never had versions or object lock") || strings.Count(in.Health().Why.String(), strings.TrimPrefix(address, "s3://")) != 1 {
				t.Errorf("it was told %v", err)
			}
			expectNames(t, in.Newest)
			if h := in.Health(); h.Archive.IsZero() || !h.Newest.IsZero() {
				t.Errorf("health %+v", h)
			}
			in.now = in.now.Add(6 * time.Minute)
			if h := in.Health(); h.Late(time.Hour, in.now).IsZero() {
				t.Error("nobody is told")
			}
			in.To = in.Newest // archives may lie there
			in.Newest = openFolder(t, t.TempDir())
			if _, err := in.Now(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestABucketThatCannotBeReachedSaysWhy(t *testing.T) {
	good := startBuckets(t)
	there := newBucket(t, false)
	with := func(f func(*config.S3Config)) config.S3Config { s3 := good; f(&s3); return s3 }
	for name, c := range map[string]struct {
		address string
		s3      config.S3Config
		said    string
	}{
		"no such bucket":  {"s3://never-made", good, "There is no bucket never-made at http://127.0.0.1"},
		"a wrong secret":  {there, with(func(s *config.S3Config) { s.SecretKey = settings.Secret("another") }), "(SignatureDoesNotMatch)"},
		"an unknown key":  {there, with(func(s *config.S3Config) { s.AccessKey = "nobody" }), "access key"},
		"nobody listens":  {there, with(func(s *config.S3Config) { s.Endpoint = "http://127.0.0.1:1" }), "could not be reached at http://127.0.0.1:1"},
		"another region":  {there, with(func(s *config.S3Config) { s.Region = "eu-central-1" }), "could not be reached"},
		"TLS for nothing": {there, with(func(s *config.S3Config) { s.Endpoint = strings.Replace(s.Endpoint, "http:", "https:", 1) }), "could not be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := backup.OpenTarget(c.address, filepath.Join(t.TempDir(), "spool"), c.s3)
			if err != nil {
				t.Fatal(err)
			}
			_, wrote := to.WriteCopy(t.Context(), "a", func(io.Writer) error { return nil })
			_, listed := to.ListCopies(t.Context())
			_, opened := to.OpenCopy(t.Context(), "a")
			for what, err := range map[string]error{"write": wrote, "list": listed, "check": to.CheckForgets(t.Context()), "open": opened} {
				// A server says no more to HEAD than its status.
				if err == nil || what != "open" && !strings.Contains(err.Error(), c.said) || strings.Contains(err.Error(), secret) {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func TestPartsThatWereLeftInABucketAreRemoved(t *testing.T) {
	address := newBucket(t, false)
	to := openBucket(t, address)
	backup.CarryInParts(to, 5<<20)
	name := strings.TrimPrefix(address, "s3://")
	core := minio.Core{Client: buckets.client}
	const others = "of-others/keypull.newest"
	for _, begun := range []string{"keypull.newest", others} {
		if _, err := core.NewMultipartUpload(t.Context(), name, begun, minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := to.WriteCopy(t.Context(), "keypull.newest", func(w io.Writer) error { _, err := w.Write(make([]byte, 6<<20)); return err }); err != nil {
		t.Fatal(err)
	}
	var left []string
	for one := range buckets.client.ListIncompleteUploads(t.Context(), name, "", true) {
		left = append(left, one.Key)
	}
	if !slices.Equal(left, []string{others}) {
		t.Errorf("left are %q", left)
	}
}
