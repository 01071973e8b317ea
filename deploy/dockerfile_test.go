package deploy_test

import (
	"os"
	"strings"
	"testing"
)

// instruction is one of a Dockerfile, such as USER with its arguments.
type instruction struct{ name, args string }

// instructions are those of the image itself: the last stage of a Dockerfile.
func instructions(text string) (last []instruction) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "FROM" {
			last = nil
		}
		if name != "" && !strings.HasPrefix(name, "#") {
			last = append(last, instruction{name, strings.TrimSpace(args)})
		}
	}
	return last
}

// wrong finds what an image that holds a binary and its state must not be.
func wrong(text string) (problems []string) {
	must := map[string]string{
		"FROM": "scratch", "USER": "65532:65532", "VOLUME": `["/var/lib/keypull"]`, "WORKDIR": "/var/lib/keypull",
		"EXPOSE": "8080", "ENV": "KEYPULL_SERVER_LISTEN=0.0.0.0:8080",
		"ENTRYPOINT": `["/usr/bin/keypull"]`, "CMD": `["serve"]`,
	}
	got := map[string]string{}
	copies := ""
	for _, i := range instructions(text) {
		switch i.name {
		case "RUN":
			problems = append(problems, "RUN needs a shell: "+i.args)
		case "COPY":
			copies += i.args + "\n"
		default:
			got[i.name] = i.args
		}
	}
	for name, want := range must {
		if got[name] != want {
			problems = append(problems, name+" is "+got[name]+", want "+want)
		}
	}
	for _, needed := range []string{"/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt", "--chown=65532:65532 /out/state /var/lib/keypull"} {
		if !strings.Contains(copies, needed) {
			problems = append(problems, "nothing copies "+needed)
		}
	}
	if strings.Contains(text, "\nADD ") {
		problems = append(problems, "ADD fetches and unpacks by itself; use COPY")
	}
	return problems
}

func TestTheImageHoldsABinaryAndItsState(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range wrong(string(text)) {
		t.Error(p)
	}
	for _, change := range [][2]string{
		{"USER 65532:65532", "USER root"},
		{"USER 65532:65532\n", ""},
		{`CMD ["serve"]`, "CMD serve"},
		{`ENTRYPOINT ["/usr/bin/keypull"]`, "ENTRYPOINT /usr/bin/keypull"},
		{"FROM scratch", "FROM debian"},
		{"EXPOSE 8080\n", ""},
		{`VOLUME ["/var/lib/keypull"]`, `VOLUME ["/"]`},
		{"EXPOSE 8080", "RUN true\nEXPOSE 8080"},
		{"EXPOSE 8080", "ADD https://example.org/a /a\nEXPOSE 8080"},
		{"COPY --from=build /etc/ssl", "COPY --from=build /etc/tls"},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		if changed == string(text) || len(wrong(changed)) == 0 {
			t.Errorf("nothing is wrong with %q in place of %q", change[1], change[0])
		}
	}
}
