package main

func Example() {
	main()
	// Output:
	// greet({"name":"Ada"})
	//   succeeded: "Hello, Ada!"
	// greet({})
	//   failed: whom shall I greet?
	// gret({"name":"Ada"})
	//   no such function: status 404, may have run: false
}
