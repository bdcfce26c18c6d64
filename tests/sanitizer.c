/* sanitizer.c  [inside]  how dockerinit is sanitized (make SAN=1)
 *
 * No leaks are looked for at its end: that needs /proc and ptrace of itself,
 * which a process half way down the staircase may have lost, and its last act
 * is an execve anyway. Bad accesses and undefined behaviour end it with a
 * report on standard error, which the tests look for.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=0:exitcode=99";
}
