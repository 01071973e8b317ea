package what

var (
	Compatible       = compatible
	CompatibleSlowly = compatibleSlowly
	FoldSlowly       = foldSlowly
)
