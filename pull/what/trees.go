package what

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// trees are gradient-boosted decision trees: each asks in a few steps how much there is
// of a piece of evidence, and the sum of what they end at is the logarithm of the odds
// that a message asks for what was found in it.
type trees struct {
	nodes []treeNode
	// roots are where the trees begin.
	roots []int
}

// treeNode is one question of a tree, or its end. The left branch of a question stands
// right behind it.
type treeNode struct {
	piece piece
	// below is the limit of the left branch, right where the other one begins; 0 is
	// an end.
	below float64
	right int
	// value is the mean of what the tree comes to from here on.
	value float64
}

//go:embed trees.txt
var treesText string

// knownTrees are those of trees.txt, where each line is a tree: its nodes with what they
// come to, behind the number of a piece of evidence and its limit, in the order in which
// they are asked. They are fitted to messages whose meaning is known by
// cmd/keypull/eval.TestTheTreesAreWhatTheMessagesTell.
var knownTrees = sync.OnceValue(func() *trees { return readTrees(treesText) })

func readTrees(text string) *trees {
	all := &trees{}
	for line := range strings.Lines(text) {
		all.roots = append(all.roots, len(all.nodes))
		all.growNode(strings.Fields(line))
	}
	return all
}

// growNode adds the node that the first field says, and those below it, and returns the
// fields behind them.
func (t *trees) growNode(fields []string) []string {
	question, value, _ := strings.Cut(fields[0], "=")
	at := len(t.nodes)
	t.nodes = append(t.nodes, treeNode{value: parseNumber(value)})
	fields = fields[1:]
	if question == "" {
		return fields
	}
	about, below, _ := strings.Cut(question, "<")
	fields = t.growNode(fields)
	n := &t.nodes[at]
	n.piece, n.below, n.right = piece(parseNumber(about)), parseNumber(below), len(t.nodes)
	return t.growNode(fields)
}

// parseNumber reads a number of trees.txt, which a test reads whole.
func parseNumber(text string) float64 {
	n, _ := strconv.ParseFloat(text, 64)
	return n
}

// weighEvidence returns what all trees come to.
func (t *trees) weighEvidence(e *evidence) (sum float64) {
	for _, at := range t.roots {
		for t.nodes[at].right > 0 {
			at = t.nextNode(at, e)
		}
		sum += t.nodes[at].value
	}
	return sum
}

// nextNode returns the branch of a question that some evidence leads to.
func (t *trees) nextNode(at int, e *evidence) int {
	if n := &t.nodes[at]; e[n.piece] >= n.below {
		return n.right
	}
	return at + 1
}

// sharesOf says how much each piece has brought to what the trees come to: what the
// answer to a question about it has changed.
func (t *trees) sharesOf(e *evidence) (all evidence) {
	for _, at := range t.roots {
		for t.nodes[at].right > 0 {
			next := t.nextNode(at, e)
			all[t.nodes[at].piece] += t.nodes[next].value - t.nodes[at].value
			at = next
		}
	}
	return all
}
