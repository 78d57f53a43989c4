@echo off
rem Serves the assistant, or looks the machine over: vilam --help.
java %JAVA_OPTS% -jar "%~dp0..\vilam.jar" %*
