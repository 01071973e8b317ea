package proofs

import (
	"context"
	"log/slog"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/proof"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Keys hold what publishers prove answers with.
type Keys interface {
	// Of returns the keys of a publisher, made where there are none.
	Of(ctx context.Context, publisher string) (proof.Keys, error)
	// Renew has a publisher sign with a new key from now on.
	Renew(ctx context.Context, publisher string) (proof.Keys, error)
	// Public returns those that verify a publisher's texts, All those of everybody.
	Public(ctx context.Context, publisher string) ([]proof.PublicKey, error)
	All(ctx context.Context) (map[string][]proof.PublicKey, error)
}

// Answers hold what is kept of asks.
type Answers interface {
	// Record returns what is kept of an ask, or false.
	Record(ctx context.Context, ask uint64) (pipeline.Record, bool, error)
	// Answer returns the record of an ask whose answer left, and when; pull.Unknown
	// where there is none.
	Answer(ctx context.Context, ask uint64) (pipeline.Record, time.Time, error)
}

// Publishers knows the publishers by their ids.
type Publishers interface {
	// Publisher returns one, or nil if there is none.
	Publisher(id string) *catalogue.Setup
}

// tries is how many codes somebody may try a minute.
const tries = 10

// Options are what a Prover is made of.
type Options struct {
	Publishers Publishers
	Keys       Keys
	Answers    Answers
	// Since returns what became of an answer since.
	Since func(ctx context.Context, s proof.Statement) (pull.Proven, error)
	// PublicURL is where the world reaches this server.
	PublicURL string
	Clock     func() time.Time
	Logger    *slog.Logger
}

// Prover proves answers. It is safe for concurrent use.
type Prover struct {
	Options

	paces messengers.Paces
}

var _ pull.Proofs = (*Prover)(nil)

// NewProver returns a Prover.
func NewProver(o Options) *Prover {
	return &Prover{Options: o, paces: messengers.Paces{Per: time.Minute}}
}

// CodeOf returns the code of the answer to an ask.
func (p *Prover) CodeOf(ctx context.Context, publisher string, ask uint64, at time.Time) proof.Code {
	keys, err := p.Keys.Of(ctx, publisher)
	if err != nil {
		p.Logger.Warn("an answer has no code to prove it by", "publisher", publisher, "error", err)
		return ""
	}
	return keys.Codes.Code(ask, at)
}

// lookedAt is how many asks are looked at for one that was answered.
const lookedAt = 8

// Latest returns the code of the last answer among these asks, the latest last.
func (p *Prover) Latest(ctx context.Context, publisher string, asks []uint64) (proof.Code, error) {
	const op = "look for the last answer"
	for i := len(asks) - 1; i >= max(0, len(asks)-lookedAt); i-- {
		r, ok, err := p.Answers.Record(ctx, asks[i])
		switch {
		case err != nil:
			return "", err //nolint:wrapcheck // it says what it is
		case !ok || r.Reduced:
			return "", unknown(op)
		case r.Reply == nil || r.Trace.Outcome != journal.Answered:
		case r.Reply.Proof == "" || r.Publisher != publisher:
			return "", &pull.Error{Kind: pull.Denied, Op: op}
		default:
			return r.Reply.Proof, nil
		}
	}
	return "", unknown(op)
}

// Page returns where everybody may look a code up.
func (p *Prover) Page(publisher string, c proof.Code) string {
	if p.PublicURL == "" || p.shownPublisher(publisher) == nil {
		return ""
	}
	return p.PublicURL + Root + "/" + publisher + "/" + c.String()
}

// Check proves what a reader has sent, so often a minute.
func (p *Prover) Check(ctx context.Context, publisher string, by who.Key, said pull.Checked) (pull.Proven, error) {
	if err := p.admit("reader " + string(by)); err != nil {
		return pull.Proven{}, err
	}
	return p.Prove(ctx, publisher, said)
}

// admit takes one try from somebody's allowance.
func (p *Prover) admit(who string) error {
	now := p.Clock()
	if wait := p.paces.Take(who, tries, now); wait > 0 {
		return &pull.Error{Kind: pull.Limited, Op: "check a proof", RetryAt: now.Add(wait), Hint: words.Text{Key: "reply.proof_limited"}}
	}
	return nil
}

// unknown is the error of all that is not proved, for whatever reason.
func unknown(op string) error { return &pull.Error{Kind: pull.Unknown, Op: op} }

// Prove returns what a code or a signed text proves.
func (p *Prover) Prove(ctx context.Context, publisher string, said pull.Checked) (pull.Proven, error) {
	const op = "check a proof"
	setup := p.Publishers.Publisher(publisher)
	if setup == nil {
		return pull.Proven{}, unknown(op)
	}
	if said.Text != "" {
		return p.verify(ctx, publisher, said.Text)
	}
	if said.Code == "" {
		return pull.Proven{}, unknown(op)
	}
	keys, err := p.Keys.Of(ctx, publisher)
	if err != nil {
		return pull.Proven{}, err //nolint:wrapcheck // it says what it is
	}
	r, sent, err := p.Answers.Answer(ctx, keys.Codes.Ask(said.Code))
	if err != nil {
		return pull.Proven{}, err //nolint:wrapcheck // it says what it is
	}
	if r.Publisher != publisher || r.Reply.Proof != said.Code {
		return pull.Proven{}, unknown(op)
	}
	s := r.Reply.Prove(&r.Trace)
	s.Publisher, s.Name, s.Sent = publisher, setup.Name, sent.Unix()
	proven, err := p.Since(ctx, s)
	if err != nil || proven.Withdrawn {
		return proven, err //nolint:wrapcheck // it says what it is
	}
	proven.Text, err = proof.Sign(keys.Private, s)
	return proven, err //nolint:wrapcheck // it says what it is
}

// verify returns what a signed text proves.
func (p *Prover) verify(ctx context.Context, publisher, message string) (pull.Proven, error) {
	const op = "check a signed text"
	text, err := proof.Parse(message)
	if err != nil || text.Publisher() != publisher {
		return pull.Proven{}, unknown(op)
	}
	keys, err := p.Keys.Public(ctx, publisher)
	if err != nil {
		return pull.Proven{}, err //nolint:wrapcheck // it says what it is
	}
	s, err := text.Verify(keys)
	if err != nil {
		return pull.Proven{}, unknown(op)
	}
	return p.Since(ctx, s) //nolint:wrapcheck // it says what it is
}
