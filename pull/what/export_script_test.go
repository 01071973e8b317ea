package what

// The helpers of scripts, for their tests.
var (
	SoundKey   = sound
	Skeleton   = skeleton
	Unmask     = unmask
	Simplified = simplified
	Neighbours = neighbours
	Relayouts  = relayouts
	Undisguise = undisguise
)
