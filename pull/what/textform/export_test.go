package textform

// What the tests hold against each other.
var (
	Compatible       = compatible
	CompatibleSlowly = compatibleSlowly
	FoldSlowly       = foldSlowly
	Simplified       = simplified
)
