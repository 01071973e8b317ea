package deploy_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// output runs a command with more in its environment, and returns what it says.
func output(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...) //nolint:gosec // the commands stand in this file
	// dpkg looks for its helpers where root has them.
	cmd.Env = append(append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin"), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// only is the one file of a folder that a pattern fits.
func only(t *testing.T, folder, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s in %s: %v, %v", pattern, folder, found, err)
	}
	return found[0]
}

// release builds for some platforms by the script of a tree, and returns the folder.
func release(t *testing.T, script string, env []string, platforms ...string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "release")
	output(t, env, script, append([]string{folder}, platforms...)...)
	return folder
}

// elsewhere copies the tree into another folder, and returns the script there.
func elsewhere(t *testing.T) string {
	t.Helper()
	tree := filepath.Join(t.TempDir(), "another", "tree")
	if err := os.MkdirAll(tree, 0o750); err != nil {
		t.Fatal(err)
	}
	output(t, []string{"TREE=" + tree}, "bash", "-c", `cd .. && { git ls-files -co --exclude-standard -z; printf '.git\0'; } | tar --null --ignore-failed-read -T - -cf - | tar -C "$TREE" -xf -`)
	return filepath.Join(tree, "deploy", "release")
}

// signed makes a key of minisign, and returns its two files.
func signed(t *testing.T) (public, secret string) {
	t.Helper()
	folder := t.TempDir()
	public, secret = filepath.Join(folder, "keypull.pub"), filepath.Join(folder, "keypull.key")
	output(t, nil, "minisign", "-G", "-W", "-p", public, "-s", secret)
	return public, secret
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// versionIn is what the binary in a folder says of itself; it holds what the
// release says in the names of its files.
func versionIn(t *testing.T, binary, archive string) {
	t.Helper()
	want := strings.Split(filepath.Base(archive), "_")[1]
	if got := output(t, nil, binary, "--version"); !strings.HasPrefix(got, "keypull "+want+" go") {
		t.Errorf("it says %q, want the version %s", got, want)
	}
}

func TestAReleaseIsWholeAndTheSameTwice(t *testing.T) {
	public, secret := signed(t)
	folder := release(t, "./release", []string{"RELEASE_KEY=" + secret}, "linux/amd64", "windows/amd64") // one of each archive
	sums := read(t, filepath.Join(folder, "SHA256SUMS"))
	// Another folder, zone and language make the same archive and the same deb.
	again := read(t, filepath.Join(release(t, elsewhere(t), []string{"TZ=Asia/Tokyo", "LANG=de_DE.UTF-8", "GOAMD64=v3"}, "linux/amd64"), "SHA256SUMS"))
	for line := range strings.Lines(again) {
		if !strings.Contains(sums, line) {
			t.Errorf("the second release differs:\n%s\n%s", sums, again)
		}
	}
	if strings.Count(again, "\n") != 2 {
		t.Errorf("the second release holds %s", again)
	}
	verify := []string{"-V", "-Q", "-p", public, "-m", filepath.Join(folder, "SHA256SUMS")}
	if said, want := output(t, nil, "minisign", verify...), "keypull "+strings.Split(filepath.Base(only(t, folder, "*.deb")), "_")[1]; strings.TrimSpace(said) != want {
		t.Errorf("the signature says %q, want %q", said, want)
	}
	if err := os.WriteFile(verify[len(verify)-1], []byte(strings.Replace(sums, "keypull_", "keypull-", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := exec.CommandContext(t.Context(), "minisign", verify...).Run(); err == nil { //nolint:gosec // of this test
		t.Error("sums that were changed are proven")
	}
	if err := os.WriteFile(verify[len(verify)-1], []byte(sums), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "SHA256SUMS")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil || strings.Count(sums, "\n") != 3 {
		t.Errorf("the sums: %v\n%s", err, out)
	}
	archive, unpacked := only(t, folder, "*_linux_amd64.tar.gz"), t.TempDir()
	output(t, nil, "tar", "-C", unpacked, "-xzf", archive)
	versionIn(t, filepath.Join(only(t, unpacked, "keypull_*"), "keypull"), archive)
	inZip := names(t, only(t, folder, "*_windows_amd64.zip"))
	if want := []string{"CHANGELOG.md", "LICENSE", "README.md", "keypull.exe", "operators.md"}; !slices.Equal(inZip, want) {
		t.Errorf("for Windows there are %v, want %v", inZip, want)
	}
	install(t, only(t, folder, "*.deb"))
}

// names are the files of a zip.
func names(t *testing.T, path string) (all []string) {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	for _, f := range r.File {
		all = append(all, filepath.Base(f.Name))
	}
	slices.Sort(all)
	return all
}

// install has dpkg install the deb into a folder, and remove it.
func install(t *testing.T, deb string) {
	t.Helper()
	root := t.TempDir()
	in := func(path string) string { return filepath.Join(root, filepath.FromSlash(path)) }
	for _, folder := range []string{"updates", "info", "triggers"} {
		if err := os.MkdirAll(in("var/lib/dpkg/"+folder), 0o755); err != nil { //nolint:gosec // as dpkg has them
			t.Fatal(err)
		}
	}
	for _, file := range []string{"status", "available"} {
		if err := os.WriteFile(in("var/lib/dpkg/"+file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dpkg := func(args ...string) string {
		all := append([]string{"dpkg", "--root=" + root, "--force-depends", "--force-script-chrootless", "--log=/dev/null"}, args...)
		if os.Geteuid() != 0 { // root of a namespace is enough
			all = append([]string{"unshare", "--map-root-user"}, all...)
		}
		return output(t, nil, all[0], all[1:]...)
	}
	dpkg("--install", deb)
	for name, mode := range map[string]os.FileMode{
		"usr/bin/keypull": 0o755, "etc/keypull/config.toml": 0o644, "usr/lib/systemd/system/keypull.service": 0o644,
		"usr/lib/sysusers.d/keypull.conf": 0o644, "usr/share/doc/keypull/copyright": 0o644, "usr/share/doc/keypull/operators.md": 0o644,
	} {
		if info, err := os.Stat(in(name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if users := read(t, in("etc/passwd")); !regexp.MustCompile(`(?m)^keypull:.*:/var/lib/keypull:.*nologin$`).MatchString(users) {
		t.Errorf("the users are %q", users)
	}
	versionIn(t, in("usr/bin/keypull"), deb)
	output(t, nil, in("usr/bin/keypull"), "check", "--offline", "-c", in("etc/keypull/config.toml"))
	if said := output(t, nil, "systemd-analyze", "verify", unit(t, in("usr/bin/keypull"))); said != "" {
		t.Errorf("systemd says of the unit: %s", said)
	}
	if kept := output(t, nil, "dpkg-deb", "--info", deb, "conffiles"); kept != "/etc/keypull/config.toml\n" {
		t.Errorf("what stays as the operator made it: %q", kept)
	}
	dpkg("--remove", "keypull")
	if _, err := os.Stat(in("usr/bin/keypull")); !os.IsNotExist(err) {
		t.Errorf("the binary stays: %v", err)
	}
	if read(t, in("etc/keypull/config.toml")) == "" {
		t.Error("the configuration is gone")
	}
}

// unit is keypull.service with the binary where it is installed for this test.
func unit(t *testing.T, binary string) string {
	t.Helper()
	const shipped = "ExecStart=/usr/bin/keypull "
	text := read(t, "keypull.service")
	if !strings.Contains(text, shipped) {
		t.Fatalf("the unit does not start %s", shipped)
	}
	name := filepath.Join(t.TempDir(), "keypull.service")
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(text, "=/usr/bin/keypull ", "="+binary+" ")), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
