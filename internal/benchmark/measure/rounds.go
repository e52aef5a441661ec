package measure

// Interleave runs measure for each name, rounds times over. Each round starts with another name, so that none always
// comes after the same other.
func Interleave(rounds int, names []string, measure func(name string) error) error {
	for r := range rounds {
		for i := range names {
			if err := measure(names[(r+i)%len(names)]); err != nil {
				return err
			}
		}
	}
	return nil
}
