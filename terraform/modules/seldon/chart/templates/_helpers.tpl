{{- define "seldon-model.labels" -}}
app.kubernetes.io/name: iris
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* A Job with a script of files/, by the Python of the environment's image. */}}
{{- define "seldon-model.job" -}}
{{- $root := .root -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $root.Release.Name }}-{{ .name }}
  labels:
    {{- include "seldon-model.labels" $root | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ $root.Values.timeout }}
  template:
    metadata:
      labels:
        {{- include "seldon-model.labels" $root | nindent 8 }}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      {{- with $root.Values.job.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ $root.Values.job.image | quote }}
          imagePullPolicy: {{ $root.Values.job.pullPolicy }}
          command:
            - python3
            - -c
            - {{ $root.Files.Get (printf "files/%s.py" .script) | toJson }}
            - {{ .address }}
            - {{ sub $root.Values.timeout 10 | quote }}
          resources:
            requests: {cpu: 20m, memory: 64Mi}
          securityContext:
            {{- toYaml $root.Values.job.securityContext | nindent 12 }}
{{- end }}
