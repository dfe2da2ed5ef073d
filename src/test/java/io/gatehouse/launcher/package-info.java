/**
 * The launcher, from outside: {@code LauncherScriptTest} runs the script with a JDK and a Maven that only tell how they were called;
 * {@code LauncherIT} runs the script with the real server behind it.
 */
package io.gatehouse.launcher;
