package proofs

import (
	"context"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/proof"
	"keypull/pull/words"
	"keypull/web/console"
)

// ProofGet is the input of "proof.get".
type ProofGet struct {
	console.Of
	Code string `json:"code" path:"code" doc:"Code that stands on an answer, however it is written."`
}

// ProofKeys is the output of "proof.renew".
type ProofKeys struct {
	Keys []ProofKey `json:"keys" doc:"Public keys of all times, the present one last."`
}

// ProofKey is a public key by which signed texts are verified.
type ProofKey struct {
	ID    string    `json:"id"`
	Key   []byte    `json:"key" doc:"Ed25519 public key."`
	From  time.Time `json:"from"`
	Until time.Time `json:"until,omitzero" doc:"When another one took its place; what was sent after that it does not prove."`
}

// The operations.
//
//nolint:gochecknoglobals // declared once
var (
	// GetProof is "proof.get".
	GetProof = console.Declare[ProofGet, ProvenAnswer](console.Declaration{
		Name: "proof.get", Permission: console.Read, Method: http.MethodGet, Path: "/publishers/{publisher}/proofs/{code}",
		Summary: "Tell what a code proves: the items of an answer, when it left, and whether it was withdrawn or corrected since.",
		Help:    "A code counts for as long as the record of its ask is kept; the signed text that is answered here proves the same for good.",
	})

	// RenewKey is "proof.renew".
	RenewKey = console.Declare[console.Of, ProofKeys](console.Declaration{
		Name: "proof.renew", Permission: console.Own, Audit: true, Method: http.MethodPost, Path: "/publishers/{publisher}/proof-key",
		Summary: "Sign with a new key from now on; the public ones of before stay and verify what was sent before.",
	})
)

// Operations returns those of the package.
func (p *Prover) Operations() []console.Bound {
	return []console.Bound{GetProof.Bind(p.getProof), RenewKey.Bind(p.renewKey)}
}

func (p *Prover) getProof(ctx context.Context, in ProofGet) (ProvenAnswer, error) {
	proven, err := p.Prove(ctx, in.Publisher, pull.Checked{Code: proof.ParseCode(in.Code)})
	if kind := pull.KindOf(err); err != nil && (kind == pull.Unknown || kind == pull.Invalid) {
		return ProvenAnswer{}, &pull.Error{Kind: pull.Unknown, Op: "check a proof", Hint: words.Text{Key: "reply.proof_unknown", Args: words.Args{"publisher": in.Publisher}}}
	}
	if err != nil {
		return ProvenAnswer{}, err
	}
	return newProvenAnswer(proven), nil
}

func (p *Prover) renewKey(ctx context.Context, in console.Of) (ProofKeys, error) {
	if p.Publishers.Publisher(in.Publisher) == nil {
		return ProofKeys{}, console.NoThing(catalogue.ResourcePublisher, in.Publisher)
	}
	keys, err := p.Keys.Renew(ctx, in.Publisher)
	if err != nil {
		return ProofKeys{}, err //nolint:wrapcheck // it says what it is
	}
	out := ProofKeys{Keys: []ProofKey{}}
	for _, k := range keys.Public {
		out.Keys = append(out.Keys, ProofKey{ID: k.ID, Key: k.Key, From: k.From, Until: k.Until})
	}
	console.NoteAudit(ctx, string(catalogue.ResourcePublisher)+" "+in.Publisher, nil, nil)
	return out, nil
}
