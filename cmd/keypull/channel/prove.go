package channel

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/profile"
	"keypull/web/messengers"
)

// What became of a step.
const (
	stepGood    = "good"
	stepMissing = "missing"
	stepSoon    = "soon"
	stepUnknown = "unknown"
)

// proven is what became of a step, as a line of JSON.
type proven struct {
	Step  messengers.Step `json:"step"`
	State string          `json:"state"`
	Said  string          `json:"said"`
	// Click are the steps of the kind's page that lead there, by their numbers.
	Click map[int]string `json:"click,omitempty"`
	At    time.Time      `json:"at"`
}

// proof walks one account.
type proof struct {
	World
	which
	wait   time.Duration
	report string
	out    io.Writer

	channel  console.ChannelGet
	standing profile.Standing
	entry    console.ChannelEntry
	guide    messengers.Guide
	steps    []proven
	// before is how the channel had been doing before a word was waited for.
	before messengers.Health
}

func (w World) prove() *cobra.Command {
	p := proof{World: w}
	cmd := &cobra.Command{
		Use: "prove", Short: "Walk an account from its token to an answer that arrived", Args: cobra.NoArgs,
		Long: "prove asks the platform about one account, calls the channel's address from outside, waits until\n" +
			"you have written a word to the account, and watches its answer leave and arrive. Of each step it\n" +
			"says what was found, and what to click where something is missing. It runs beside the server,\n" +
			"changes nothing, and ends with 1 where something is missing. --report writes it down.",
		Example: "  keypull channel prove --publisher lecker --channel tg\n  keypull channel prove --channel wa --wait 10m --report whatsapp.md",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(p.run(cmd)) },
	}
	w.flags(cmd, &p.which)
	cmd.Flags().DurationVar(&p.wait, "wait", 5*time.Minute, "how `long` to wait for a word, and for its answer")
	cmd.Flags().StringVar(&p.report, "report", "", "`file` that the report is written to, in Markdown")
	return cmd
}

func (p *proof) run(cmd *cobra.Command) error {
	return p.OnServer(cmd, p.config, func(ctx context.Context) error {
		all, err := p.chosen(ctx, p.which)
		if err != nil {
			return err
		}
		if len(all) != 1 {
			return cli.Misused("cli.prove_one", words.Args{"count": len(all)})
		}
		p.channel, p.out = all[0], cmd.OutOrStdout()
		if err := p.walk(ctx); err != nil {
			return err
		}
		return p.end()
	})
}

// walk proves step after step: what comes from readers is not waited for before the
// platform is good.
func (p *proof) walk(ctx context.Context) (err error) {
	if p.standing, err = profile.ShowDrift.Call(ctx, p.channel); err != nil {
		return err
	}
	if p.entry, err = console.GetChannel.Call(ctx, p.channel); err != nil {
		return err
	}
	for _, k := range p.Kinds {
		if k.Name == p.standing.Kind {
			p.guide = k.Guide()
		}
	}
	if !p.json {
		args := words.Args{"publisher": p.channel.Publisher, "channel": p.channel.ID, "kind": p.standing.Kind}
		if _, err := fmt.Fprintln(p.out, cli.Say("cli.prove_begin", args)); err != nil {
			return fmt.Errorf("print a proof: %w", err)
		}
	}
	for _, step := range messengers.Steps() {
		state, said, err := p.look(ctx, step)
		if err != nil {
			return err
		}
		if err := p.tell(step, state, said); err != nil {
			return err
		}
	}
	return nil
}

// look proves one step.
func (p *proof) look(ctx context.Context, step messengers.Step) (state, said string, err error) {
	if said = firstOf(p.standing.Faults, step); said != "" {
		return stepMissing, said, nil
	}
	if p.lacking() != nil {
		return stepUnknown, cli.Say("prove.before", nil), nil
	}
	state = stepGood
	switch step {
	case messengers.StepAccount:
		said = cmp.Or(p.standing.Account, cli.Say("prove.account", nil))
	case messengers.StepClock:
		if said = cli.Say("prove.clock_good", nil); !p.standing.Clock {
			state, said = stepUnknown, cli.Say("prove.untold", nil)
		}
	case messengers.StepRights:
		said = cli.Say("prove.rights", nil)
	case messengers.StepWebhook:
		if said = cli.Say("prove.webhook", nil); !p.standing.Fixed {
			state, said = stepUnknown, cli.Say("prove.untold", nil)
		}
	case messengers.StepReach:
		state, said, err = p.reach(ctx)
	case messengers.StepArrived:
		state, said, err = p.arrive(ctx)
	case messengers.StepAnswered:
		state, said, err = p.answer(ctx)
	case messengers.StepDelivered:
		state, said, err = p.deliver(ctx)
	}
	if doubt := firstOf(p.standing.Doubts, step); doubt != "" && state != stepMissing {
		state, said = stepSoon, strings.TrimSpace(said+" "+doubt)
	}
	return state, said, err
}

func firstOf(all []profile.Fault, step messengers.Step) string {
	for _, f := range all {
		if f.Step == string(step) {
			return f.Error
		}
	}
	return ""
}

// lacking names the steps that are missing.
func (p *proof) lacking() (names []string) {
	for _, s := range p.steps {
		if s.State == stepMissing {
			names = append(names, stepName(s.Step))
		}
	}
	return names
}

func stepName(s messengers.Step) string { return cli.Say("prove.step."+string(s), nil) }

// reach calls the channel's address as the platform would, without any proof: it has
// come to the right server where that channel turns it away.
func (p *proof) reach(ctx context.Context) (state, said string, err error) {
	if !p.standing.Called {
		return stepUnknown, cli.Say("prove.fetched", nil), nil
	}
	// The operator's own address, wherever it leads.
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}, Clock: p.Clock})
	defer client.Close()
	before := p.entry.Health
	res, err := client.Do(ctx, outside.Request{Method: http.MethodPost, URL: p.entry.Webhook, Single: true})
	if err != nil {
		return stepMissing, words.Said(err).In(cli.Language()), nil
	}
	if p.entry, err = console.GetChannel.Call(ctx, p.channel); err != nil {
		return "", "", err
	}
	carried := strings.Contains(p.entry.Webhook, "/hook/app/") && res.Status == http.StatusUnauthorized
	if now := p.entry.Health; !carried && now.Unproven == before.Unproven && now.Heard.Equal(before.Heard) {
		return stepMissing, cli.Say("prove.elsewhere", words.Args{"address": p.entry.Webhook, "status": res.Status}), nil
	}
	return stepGood, cli.Say("prove.reach", words.Args{"address": p.entry.Webhook}), nil
}

// arrive waits for a word that somebody writes.
func (p *proof) arrive(ctx context.Context) (state, said string, err error) {
	if !p.json {
		how := strings.TrimSpace(p.entry.Link + " " + strings.ReplaceAll(p.guide.Test, "{hook}", p.entry.Webhook))
		if _, err := fmt.Fprintln(p.out, cli.Say("cli.prove_write", words.Args{"how": how, "time": p.wait.String()})); err != nil {
			return "", "", fmt.Errorf("print a proof: %w", err)
		}
	}
	p.before = p.entry.Health
	took, err := p.watch(ctx, p.wait, func(h messengers.Health) bool { return h.Asks > p.before.Asks || h.Unproven > p.before.Unproven })
	switch now := p.entry.Health; {
	case err != nil:
		return "", "", err
	case now.Asks > p.before.Asks:
		return stepGood, cli.Say("prove.arrived", words.Args{"time": took}), nil
	case now.Unproven > p.before.Unproven:
		return stepMissing, cli.Say("prove.unproven", nil), nil
	}
	return stepMissing, cli.Say("prove.nothing", words.Args{"time": p.wait.String()}), nil
}

// answer waits until what answers the word has left.
func (p *proof) answer(ctx context.Context) (state, said string, err error) {
	began := p.steps[len(p.steps)-1].At
	bad := func(h messengers.Health) bool { return h.Error != "" && h.Bad.After(began.Add(-time.Minute)) }
	before := p.before.Sent
	took, err := p.watch(ctx, p.wait, func(h messengers.Health) bool { return h.Sent > before || bad(h) })
	switch now := p.entry.Health; {
	case err != nil:
		return "", "", err
	case now.Sent > before:
		return stepGood, cli.Say("prove.answered", words.Args{"time": took}), nil
	case bad(now):
		return stepMissing, now.Error, nil
	}
	return stepMissing, cli.Say("prove.no_answer", words.Args{"time": p.wait.String()}), nil
}

// settleFor is how long a platform has to tell that an answer arrived.
const settleFor = 10 * time.Second

// deliver waits a moment for word of the answer.
func (p *proof) deliver(ctx context.Context) (state, said string, err error) {
	told := func(h messengers.Health) bool { return h.Delivered+h.Read > p.before.Delivered+p.before.Read }
	lost := func(h messengers.Health) bool { return h.Undelivered > p.before.Undelivered && h.Error != "" }
	_, err = p.watch(ctx, min(settleFor, p.wait), func(h messengers.Health) bool { return told(h) || lost(h) })
	switch now := p.entry.Health; {
	case err != nil:
		return "", "", err
	case lost(now):
		return stepMissing, now.Error, nil
	case told(now):
		return stepGood, cli.Say("prove.delivered", nil), nil
	}
	return stepUnknown, cli.Say("prove.untold", nil), nil
}

// lookEvery is how often a channel is looked at while something is waited for.
const lookEvery = 300 * time.Millisecond

// watch looks at the channel until something has happened, or for so long, and returns
// how long that took.
func (p *proof) watch(ctx context.Context, most time.Duration, happened func(messengers.Health) bool) (took string, err error) {
	began := time.Now()
	for {
		if p.entry, err = console.GetChannel.Call(ctx, p.channel); err != nil {
			return "", err
		}
		so := time.Since(began)
		if happened(p.entry.Health) || so >= most {
			return so.Round(100 * time.Millisecond).String(), nil
		}
		pull.Sleep(ctx, lookEvery)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
}

// tell prints what became of a step.
func (p *proof) tell(step messengers.Step, state, said string) error {
	one := proven{Step: step, State: state, Said: said, At: p.Clock().UTC()}
	if state == stepMissing {
		one.Click = p.guide.Of(step)
		for n, text := range one.Click {
			one.Click[n] = strings.ReplaceAll(text, "{hook}", p.entry.Webhook)
		}
	}
	p.steps = append(p.steps, one)
	var err error
	if p.json {
		err = cli.PrintJSONLine(p.out, one)
	} else {
		_, err = io.WriteString(p.out, one.lines("  ", "           "))
	}
	if err != nil {
		return fmt.Errorf("print a proof: %w", err)
	}
	return nil
}

// lines says in words what became of a step, and what to click.
func (s proven) lines(before, click string) string {
	said := before + cli.Say("prove.state_"+s.State, words.Args{"step": stepName(s.Step), "said": s.Said}) + "\n"
	for _, n := range slices.Sorted(maps.Keys(s.Click)) {
		said += click + cli.Say("cli.prove_click", words.Args{"n": strconv.Itoa(n), "text": s.Click[n]}) + "\n"
	}
	return said
}

// end says what is missing, and writes the report.
func (p *proof) end() error {
	lacks := p.lacking()
	said := cli.Say("cli.prove_done", nil)
	if len(lacks) > 0 {
		said = cli.Say("cli.prove_lacks", words.Args{"steps": strings.Join(lacks, ", ")})
	}
	if p.report != "" {
		text := "# " + cli.Say("prove.title", words.Args{
			"publisher": p.channel.Publisher, "channel": p.channel.ID, "kind": p.standing.Kind, "moment": p.Clock().UTC().Format("2006-01-02 15:04"),
		}) + "\n\n"
		for _, s := range p.steps {
			text += s.lines("- ", "  - ")
		}
		if err := os.WriteFile(p.report, []byte(text+"\n"+said+"\n"), 0o600); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		said += " " + cli.Say("cli.prove_report", words.Args{"file": p.report})
	}
	if !p.json {
		if _, err := fmt.Fprintln(p.out, "  "+said); err != nil {
			return fmt.Errorf("print a proof: %w", err)
		}
	}
	if len(lacks) > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d steps are missing", len(lacks))}
	}
	return nil
}
