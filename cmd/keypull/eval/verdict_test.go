package eval

import "testing"

func TestVerdicts(t *testing.T) {
	text := func(s string) *string { return &s }
	run := func(id, arg string) *prediction { return &prediction{Type: "run", ID: id, Arg: arg} }
	offer := func(ids ...string) *prediction { return &prediction{Type: "offer", IDs: ids} }
	reserved := func(id string) *prediction { return &prediction{Type: "reserved", ID: id} }
	none := &prediction{Type: "none"}
	a := expectation{Type: "run", ID: "a"}
	withArg := expectation{Type: "run", ID: "a", Arg: text("São Paulo")}
	bare := expectation{Type: "run", ID: "a", Arg: text("")}
	one := expectation{Type: "offer", IDs: []string{"a"}}
	two := expectation{Type: "offer", IDs: []string{"a", "b"}}
	four := expectation{Type: "offer", IDs: []string{"a", "b", "c", "d"}}
	some := expectation{Type: "offer", IDs: []string{"a", "b", "c"}, Need: 1}
	quiet := expectation{Type: "none"}
	near := expectation{Type: "none", OK: []string{"a", "b"}}
	stop := expectation{Type: "reserved", ID: "stop"}
	for _, tt := range []struct {
		name    string
		x       expectation
		p       *prediction
		want    verdict
		reached float64
	}{
		{"the keyword", a, run("a", ""), verdictRight, 1},
		{"an argument that is not judged", a, run("a", "x"), verdictRight, 1},
		{"the argument in another case", withArg, run("a", "SÃO-PAULO!"), verdictRight, 1},
		{"the argument decomposed", withArg, run("a", "sa\u0303o paulo"), verdictRight, 1},
		{"another argument", withArg, run("a", "Sao Paulo"), verdictWrongArg, 1},
		{"no argument is meant", bare, run("a", "x"), verdictWrongArg, 1},
		{"another keyword", a, run("b", ""), verdictWrongRun, 0},
		{"a command for a keyword", a, reserved("a"), verdictWrongRun, 0},
		{"offered", a, offer("b", "a"), verdictOfferedRight, 1},
		{"offered fourth", a, offer("b", "c", "d", "a"), verdictOfferedWrong, 0},
		{"one that is offered twice counts once", a, offer("b", "b", "c", "a"), verdictOfferedRight, 1},
		{"offered another", a, offer("b"), verdictOfferedWrong, 0},
		{"silence", a, none, verdictMissed, 0},
		{"no answer", a, nil, verdictMissed, 0},
		{"an empty offer is silence", a, offer(), verdictMissed, 0},
		{"both", two, offer("b", "a"), verdictRight, 1},
		{"both and another", two, offer("c", "b", "a"), verdictRight, 1},
		{"one of two", two, offer("b"), verdictOfferedPart, 0.5},
		{"three of four are all there is room for", four, offer("a", "b", "c"), verdictRight, 1},
		{"one where one is enough", some, offer("x", "c"), verdictRight, 1},
		{"neither of two", two, offer("c"), verdictOfferedWrong, 0},
		{"one of two is run", two, run("a", ""), verdictWrongRun, 0},
		{"the only one is run", one, run("a", ""), verdictRight, 1},
		{"a command for an offer", one, reserved("stop"), verdictWrongRun, 0},
		{"silence for an offer", two, none, verdictMissed, 0},
		{"silence is kept", quiet, none, verdictRight, 0},
		{"silence is broken", quiet, offer("a"), verdictFalseOffer, 0},
		{"a harmless offer", near, offer("b", "a"), verdictRight, 0},
		{"a harmless offer and another", near, offer("a", "c"), verdictFalseOffer, 0},
		{"a run for nothing", near, run("a", ""), verdictWrongRun, 0},
		{"a command for nothing", quiet, reserved("stop"), verdictWrongRun, 0},
		{"the command", stop, reserved("stop"), verdictRight, 1},
		{"another command", stop, reserved("help"), verdictWrongRun, 0},
		{"a keyword for a command", stop, run("stop", ""), verdictWrongRun, 0},
		{"a command offered", stop, offer("stop"), verdictOfferedRight, 1},
		{"something else offered", stop, offer("a"), verdictOfferedWrong, 0},
		{"silence for a command", stop, none, verdictMissed, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, reached := judgePrediction(&tt.x, tt.p); got != tt.want || reached != tt.reached {
				t.Errorf("%s, %v reached; want %s, %v", got, reached, tt.want, tt.reached)
			}
		})
	}
}

func TestCalibrationHoldsTiersToTheirPromises(t *testing.T) {
	asks := func(id string) query { return query{Expect: expectation{Type: "run", ID: id}} }
	answer := func(kind, id, tier string) *prediction {
		return &prediction{Type: kind, ID: id, IDs: []string{id}, Explanation: &Explanation{Tier: tier}}
	}
	c := countCalibration(
		[]query{asks("a"), asks("a"), asks("a"), asks("a"), asks("a"), asks("a")},
		[]*prediction{
			answer("run", "a", "exact"), answer("run", "b", "typing"), answer("offer", "a", "part"), answer("offer", "b", "part"),
			answer("none", "a", "part"), nil,
		},
	)
	if len(c.Tiers) != 2 || c.Tiers[0].Right != 1 || c.Tiers[1].Runs != 1 || c.Tiers[1].Share != 0 {
		t.Errorf("tiers %+v", c.Tiers)
	}
	// (|1 - 0.99| + |0 - 0.95|) / 2
	if c.Offers != 2 || c.OfferShare != 0.5 || c.Error != 0.48 {
		t.Errorf("calibration %+v", c)
	}
}
